import { type Attributes, plainAttributes, readAttributes } from '../../core/attributes';
import { TryAgainLater } from '../../core/errors';
import { isRegionId, isSessionId, isSubject } from '../../core/ids';
import { matchesAny, type Pattern } from '../../core/pattern';
import { RequestRefused } from '../../core/problem';
import { type Identity, patternsIn } from '../../core/rights';
import { type Session, type SessionKey, setAttributes } from '../../core/session';
import { exactly, FieldRefused } from '../../core/shape';
import { type HttpEvent, jsonText, parseJson } from '../http';
import type { ApiPorts } from './ports';

const maxBodyBytes = 8_192;
/** A beat may write the session at the same time; the next read is newer. */
const attempts = 5;

const readBody = exactly({ required: { attributes: readAttributes }, optional: {} });

type SessionPorts = Pick<ApiPorts, 'sessions' | 'marks' | 'clock'>;

/** Replaces the attributes of the caller's own live session; its lease is the business of its beats alone (HB3). */
export async function putAttributes(
  event: HttpEvent,
  identity: Identity,
  ports: SessionPorts,
): Promise<object> {
  const key = keyOf(event, identity);
  const { attributes } = readBody(parseJson(jsonText(event, maxBodyBytes)), '');
  await replace(key, attributes, patternsIn(identity.rights.provide, key.region), ports);
  return { sessionId: key.sessionId, region: key.region, attributes: plainAttributes(attributes) };
}

function keyOf(
  { pathParameters, queryStringParameters }: HttpEvent,
  { issuer, subject }: Identity,
): SessionKey {
  const region = pathParameters?.region ?? '';
  const sessionId = queryStringParameters?.id ?? '';
  if (!isSessionId(sessionId)) throw new FieldRefused('id', 'the id of a session');
  // Whom the endpoint takes no beat of has no session, and makes no key either.
  if (!isRegionId(region) || !isSubject(subject)) throw noSuchSession();
  return { issuer, subject, region, sessionId };
}

async function replace(
  key: SessionKey,
  attributes: Attributes,
  provided: readonly Pattern[],
  ports: SessionPorts,
): Promise<void> {
  const { sessions, marks, clock } = ports;
  let [stored]: readonly (Session | undefined)[] = await sessions.load([key]);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const merge =
      stored && isOwn(stored, provided) ? setAttributes(stored, attributes, clock.now()) : undefined;
    if (merge === undefined) throw noSuchSession();
    const outcome = merge.write ? await sessions.save(merge.session, attributes) : { saved: merge.session };
    if ('saved' in outcome) {
      // Also where they were the same: whoever set them may not have lived to raise the mark (CD5).
      await marks.raiseMark(key.region);
      return;
    }
    stored = outcome.conflict;
  }
  throw new TryAgainLater('others kept writing the same session', { actual: attempts });
}

/** What the session said when it had more rights, its holder may say no more (AC2); a prefix is within another as an id is. */
const isOwn = ({ covers }: Session, provided: readonly Pattern[]): boolean =>
  covers.every((pattern) => matchesAny(provided, pattern));

/** Nobody's session answers like one that has ended, or that never was. */
const noSuchSession = (): RequestRefused =>
  new RequestRefused('not-found', 'There is no such live session of this token.', 'id');
