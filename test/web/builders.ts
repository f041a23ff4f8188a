import { type Look, plainLook } from '../../web/look';
import { type Row, rowsOf } from '../../web/region/rows';
import type { FacilityState } from '../../web/wire';

/** A facility as the feed tells it; online unless said otherwise. */
export const shownFacility = (id: string, words: Partial<FacilityState> = {}): FacilityState => ({
  ...{ id, name: id, status: 'online', reason: 'heartbeat', sessions: 1, users: 1, version: 1 },
  ...{ since: '2026-01-05T09:00:00.000Z', decidedAt: '2026-01-05T09:00:02.000Z' },
  ...words,
});

export const offline = (id: string, words: Partial<FacilityState> = {}): FacilityState =>
  shownFacility(id, { status: 'offline', reason: 'timeout', sessions: 0, users: 0, ...words });

export const rowsIn = (region: string, ...facilities: readonly FacilityState[]): readonly Row[] =>
  rowsOf([{ region, name: region, facilities: new Map(facilities.map((one) => [one.id, one])) }]);

export const look = (words: Partial<Look> = {}): Look => ({ ...plainLook, ...words });

export const ids = (rows: readonly Row[]): readonly string[] => rows.map(({ facility }) => facility.id);
