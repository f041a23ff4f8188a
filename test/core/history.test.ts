import fc from 'fast-check';
import type { Reason, Status } from '../../core/facility';
import { availabilityOf, ratioOf } from '../../core/history';
import { maintenanceWithin } from '../../core/maintenance';
import { instant as instantText } from '../../core/messages';
import { at, hours, minutes, property } from '../support/builders';

const became = (status: Status, time: string, reason: Reason = 'heartbeat') => ({
  status,
  atMs: at(time),
  reason,
});
const morning = { fromMs: at('08:00'), toMs: at('12:00') };
const late = at('23:00');

describe('TR5 how a facility spent a window', () => {
  test('the window begins as it was before', () => {
    const before = became('online', '07:00');
    expect(availabilityOf(morning, before, [], late)).toEqual({
      onlineMs: hours(4),
      offlineMs: 0,
      unknownMs: 0,
      maintenanceMs: 0,
    });
  });

  test('each state lasts until the next transition', () => {
    const within = [became('offline', '09:00', 'timeout'), became('online', '09:30')];
    expect(availabilityOf(morning, became('online', '07:00'), within, late)).toEqual({
      onlineMs: hours(4) - minutes(30),
      offlineMs: minutes(30),
      unknownMs: 0,
      maintenanceMs: 0,
    });
  });

  test('nothing is known before the first transition, nor after as-of', () => {
    expect(availabilityOf(morning, undefined, [became('online', '09:00')], at('11:00'))).toEqual({
      onlineMs: hours(2),
      offlineMs: 0,
      unknownMs: hours(2),
      maintenanceMs: 0,
    });
  });

  test('nothing is known of a window after as-of', () => {
    const spent = availabilityOf(morning, became('online', '07:00'), [], at('07:30'));
    expect(spent).toEqual({ onlineMs: 0, offlineMs: 0, unknownMs: hours(4), maintenanceMs: 0 });
    expect(ratioOf(spent)).toBeNull();
  });

  test('a removed facility is neither online nor offline', () => {
    const within = [became('offline', '09:00', 'removed'), became('online', '11:00')];
    const spent = availabilityOf(morning, became('online', '07:00'), within, late);
    expect(spent).toEqual({ onlineMs: hours(2), offlineMs: 0, unknownMs: hours(2), maintenanceMs: 0 });
    expect(ratioOf(spent)).toBe(1);
  });

  test('maintenance is left out, whatever happened then', () => {
    const within = [became('offline', '09:00', 'timeout'), became('online', '09:30')];
    const maintenance = [{ fromMs: at('08:50'), toMs: at('09:20') }];
    const spent = availabilityOf(morning, became('online', '07:00'), within, late, maintenance);
    expect(spent).toEqual({
      onlineMs: hours(4) - minutes(40),
      offlineMs: minutes(10),
      unknownMs: 0,
      maintenanceMs: minutes(30),
    });
    expect(ratioOf(spent)).toBeCloseTo(200 / 210, 10);
  });

  test('the parts add up to the window', () => {
    const instant = fc.integer({ min: morning.fromMs, max: morning.toMs - 1 });
    const asOf = fc.integer({ min: at('07:00'), max: late });
    const someTimes = fc.array(instant, { maxLength: 10 });
    const windows = fc
      .array(fc.tuple(instant, instant), { maxLength: 4 })
      .map((pairs) => pairs.filter(([from, to]) => from < to).map(([from, to]) => ({ from, to })));
    fc.assert(
      fc.property(someTimes, fc.boolean(), asOf, windows, (instants, first, asOfMs, closed) => {
        const within = instants
          .toSorted((a, b) => a - b)
          .map((atMs, index) => ({
            status: (index % 2 === 0) === first ? ('online' as const) : ('offline' as const),
            atMs,
            reason: 'heartbeat' as const,
          }));
        const maintenance = maintenanceWithin(
          morning,
          closed.map(({ from, to }) => ({ from: instantText(from), to: instantText(to) })),
        );
        const spent = availabilityOf(morning, undefined, within, asOfMs, maintenance);
        const parts = Object.values(spent);
        expect(parts.reduce((sum, ms) => sum + ms, 0)).toBe(hours(4));
        expect(parts.every((ms) => ms >= 0)).toBe(true);
      }),
      property,
    );
  });
});
