import type { Window } from '../../core/history';
import { isEpoch, isFacilityId, isIssuer, isRegionId, isSubject } from '../../core/ids';
import { instantIn } from '../../core/instant-text';
import { RequestRefused } from '../../core/problem';
import { allows, type Identity, reaches } from '../../core/rights';
import { userText } from '../../core/session';
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
  if (!isRegionId(region) || !reaches(rights.watch, region)) throw noSuchRegion();
  return region;
}

export const noSuchRegion = (): RequestRefused =>
  new RequestRefused('not-found', 'There is no such region for this token.', 'region');

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
  if (epoch !== undefined && !isEpoch(epoch)) throw new FieldRefused('epoch', '1 to 64 characters');
  return { seq: Number(since), ...(epoch !== undefined && { epoch }) };
}

/** Whom a request about a facility wants to see: its users by pages, one of them, or none. */
export type Members =
  | { readonly kind: 'page'; readonly after?: string }
  | { readonly kind: 'one'; readonly user: string }
  | { readonly kind: 'none' };

export function membersOf(event: HttpEvent, identity: Identity): Members {
  const { members, user, page } = event.queryStringParameters ?? {};
  if (members !== undefined && members !== 'none') throw new FieldRefused('members', 'none, or leave it out');
  // All of them are read, also what another one makes idle: who sends nonsense is told so.
  const after = page === undefined ? undefined : userTextOfPage(page);
  const issuer = issuerIn(event, identity);
  const one = user === undefined ? undefined : userTextFrom(user, issuer);
  if (members === 'none') return { kind: 'none' };
  if (one !== undefined) return { kind: 'one', user: one };
  return { kind: 'page', ...(after !== undefined && { after }) };
}

/** The user that a request is about. */
export function userIn(event: HttpEvent, identity: Identity): string {
  const id = event.queryStringParameters?.id;
  if (id === undefined || !isSubject(id)) throw new FieldRefused('id', 'the subject of a user');
  return userTextFrom(id, issuerIn(event, identity));
}

/** Subjects are those of the caller's own issuer unless another one is named. */
function issuerIn({ queryStringParameters }: HttpEvent, { issuer }: Identity): string {
  const named = queryStringParameters?.issuer ?? issuer;
  if (!isIssuer(named)) throw new FieldRefused('issuer', 'an issuer');
  return named;
}

function userTextFrom(subject: string, issuer: string): string {
  if (!isSubject(subject)) throw new FieldRefused('user', 'the subject of a user');
  return userText({ issuer, subject });
}

/** The `next` of a page of users: base64url, since subjects may be anything. */
export const pageAfter = (user: string): string => Buffer.from(user).toString('base64url');

function userTextOfPage(page: string): string {
  if (!/^[A-Za-z0-9_-]{1,1200}$/.test(page)) throw new FieldRefused('page', 'the `next` of a page of users');
  return Buffer.from(page, 'base64url').toString();
}

/** A stretch of time, by default the last day until now. */
export function windowOf({ queryStringParameters }: HttpEvent, nowMs: number): Window {
  const { from, to } = queryStringParameters ?? {};
  const toMs = to === undefined ? nowMs : instantOf('to', to);
  const fromMs = from === undefined ? toMs - dayMs : instantOf('from', from);
  if (fromMs >= toMs) throw new FieldRefused('from', 'an instant before `to`');
  if (toMs - fromMs > longestWindowMs) throw new FieldRefused('from', 'at most 400 days before `to`');
  return { fromMs, toMs };
}

function instantOf(field: string, value: string): number {
  const ms = instantIn(value);
  if (ms === undefined) throw new FieldRefused(field, 'an instant such as 2026-01-05T10:00:00Z');
  return ms;
}
