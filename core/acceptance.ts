import { type AcceptedBeat, type Beat, beatLimits, parseBeat } from './beat';
import { isSubject } from './ids';
import { canonical, matchesAny } from './pattern';
import { fieldProblem, type Problem, RequestRefused } from './problem';
import { type Identity, patternsIn } from './rights';
import { FieldRefused } from './shape';
import type { Timings } from './timings';

/** Whether the endpoint takes a beat: ready for the stream, or what is wrong with it. */
export type Acceptance = { readonly beat: AcceptedBeat } | { readonly problem: Problem };

/**
 * Judges a request body: one beat, or an array of them in which each is judged alone (AC2, AC4).
 * @throws RequestRefused when an array is too long to be judged at all.
 */
export function judgeBeats(body: unknown, identity: Identity, t: Timings): readonly Acceptance[] {
  if (!Array.isArray(body)) return [judged(body, '', identity, t)];
  if (body.length > beatLimits.beatsPerRequest) {
    const atMost = `At most ${beatLimits.beatsPerRequest} beats fit one request.`;
    throw new RequestRefused('too-large', atMost, 'body');
  }
  const seen = new Set<string>();
  return body.map((item, index) => {
    const acceptance = judged(item, `[${index}]`, identity, t);
    return 'beat' in acceptance ? onlyOnce(acceptance, seen, index) : acceptance;
  });
}

/** Two beats of one session in a request have no order among themselves, so the second is refused. */
function onlyOnce(acceptance: { readonly beat: AcceptedBeat }, seen: Set<string>, index: number): Acceptance {
  const key = `${acceptance.beat.region} ${acceptance.beat.sessionId}`;
  if (!seen.has(key)) {
    seen.add(key);
    return acceptance;
  }
  const refused = new FieldRefused(`[${index}].sessionId`, 'each session at most once in a request');
  return { problem: fieldProblem(refused) };
}

function judged(value: unknown, field: string, identity: Identity, t: Timings): Acceptance {
  try {
    return { beat: accepted(parseBeat(value, field), field, identity, t) };
  } catch (error) {
    if (error instanceof FieldRefused) return { problem: fieldProblem(error) };
    if (error instanceof RequestRefused) return { problem: error.problem };
    throw error;
  }
}

function accepted(beat: Beat, field: string, identity: Identity, t: Timings): AcceptedBeat {
  const at = (name: string): string => (field === '' ? name : `${field}.${name}`);
  if (!isSubject(identity.subject))
    throw new RequestRefused('forbidden', 'The subject of the token cannot be used.');
  const provided = patternsIn(identity.rights.provide, beat.region);
  if (provided.length === 0) {
    throw new RequestRefused('forbidden', 'The token provides nothing in this region.', at('region'));
  }
  const foreign = beat.facilities?.findIndex((facility) => !matchesAny(provided, facility)) ?? -1;
  if (foreign >= 0) {
    throw new RequestRefused(
      'forbidden',
      'The token does not provide this facility.',
      at(`facilities[${foreign}]`),
    );
  }
  const covers = canonical(beat.facilities ?? provided);
  if (covers.length > beatLimits.coversPerSession) {
    throw new FieldRefused(
      at('facilities'),
      `at most ${beatLimits.coversPerSession} patterns for one session`,
    );
  }
  return {
    issuer: identity.issuer,
    subject: identity.subject,
    region: beat.region,
    sessionId: beat.sessionId,
    covers,
    nextSeconds: beat.next ?? t.beatSeconds,
    ...(beat.seq !== undefined && { seq: beat.seq }),
    ...(beat.attributes !== undefined && { attributes: beat.attributes }),
  };
}
