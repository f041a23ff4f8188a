import type { Window } from '../../core/history';
import { isFacilityId, isRegionId } from '../../core/ids';
import { RequestRefused } from '../../core/problem';
import { allows, type Identity, reaches } from '../../core/rights';
import { FieldRefused } from '../../core/shape';
import type { HttpEvent } from '../http';
import type { Since } from './changes';
import { noSuchFacility } from './facility';

const dayMs = 24 * 60 * 60_000;
/** History is kept for so long. */
const longestWindowMs = 400 * dayMs;

/** A region that may not be watched answers like one that does not exist (AC2). */
export function regionOf({ pathParameters }: HttpEvent, { rights }: Identity): string {
  const region = pathParameters?.region ?? '';
  if (!isRegionId(region) || !reaches(rights.watch, region)) {
    throw new RequestRefused('not-found', 'There is no such region for this token.', 'region');
  }
  return region;
}

/** The facility that a request is about; one that may not be watched answers like one that does not exist (AC2). */
export function facilityIdOf(event: HttpEvent, region: string, { rights }: Identity): string {
  const id = event.queryStringParameters?.id;
  if (id === undefined || !isFacilityId(id)) throw new FieldRefused('id', 'the id of a facility');
  if (!allows(rights.watch, region, id)) throw noSuchFacility();
  return id;
}

export function pageOf({ queryStringParameters }: HttpEvent): string | undefined {
  const page = queryStringParameters?.page;
  if (page !== undefined && !isFacilityId(page)) throw new FieldRefused('page', 'the `next` of a snapshot');
  return page;
}

export function sinceOf({ queryStringParameters }: HttpEvent): Since {
  const { since, epoch } = queryStringParameters ?? {};
  if (since === undefined || !/^\d{1,15}$/.test(since)) throw new FieldRefused('since', 'a seq, 0 or more');
  return { seq: Number(since), ...(epoch !== undefined && { epoch }) };
}

/** A stretch of time, by default the last day until now. */
export function windowOf({ queryStringParameters }: HttpEvent, nowMs: number): Window {
  const { from, to } = queryStringParameters ?? {};
  const toMs = to === undefined ? nowMs : instantIn('to', to);
  const fromMs = from === undefined ? toMs - dayMs : instantIn('from', from);
  if (fromMs >= toMs) throw new FieldRefused('from', 'an instant before `to`');
  if (toMs - fromMs > longestWindowMs) throw new FieldRefused('from', 'at most 400 days before `to`');
  return { fromMs, toMs };
}

/** ISO 8601 with a time zone, as the API itself writes instants. */
const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function instantIn(field: string, value: string): number {
  const ms = shape.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new FieldRefused(field, 'an instant such as 2026-01-05T10:00:00Z');
  return ms;
}
