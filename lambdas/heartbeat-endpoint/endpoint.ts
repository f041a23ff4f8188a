import { type Acceptance, judgeBeats } from '../../core/acceptance';
import type { AcceptedBeat } from '../../core/beat';
import { graceEndMs, leaseEndMs } from '../../core/lease';
import type { Limits } from '../../core/limits';
import { instant } from '../../core/messages';
import type { BeatStream, Clock, Log, PutOutcome, Secret, TokenVerifier } from '../../core/ports';
import { AccessRefused, type Problem, RequestRefused } from '../../core/problem';
import type { Timings } from '../../core/timings';
import { canaryScheme, isCanaryToken } from '../canary-token';
import {
  answering,
  bearerToken,
  busyProblem,
  credentials,
  type HttpEvent,
  type HttpResult,
  jsonResult,
  jsonText,
  parseJson,
  problemResult,
} from '../http';
import { BeatPace } from './beat-pace';
import { type RefusalPorts, Refusals } from './refusals';

export interface EndpointPorts extends RefusalPorts {
  readonly stream: BeatStream;
  readonly verifier: TokenVerifier;
  /** What the session monitor's canaries know. */
  readonly canarySecret: Secret;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
}

/** Takes heartbeats: checks who sends them and what they claim, and puts them on the stream. */
export function createEndpoint(ports: EndpointPorts, timings: Timings) {
  const refusals = new Refusals(ports);
  const pace = new BeatPace(ports.limits.minBeatSeconds * 1_000);
  return answering(ports.log, (event: HttpEvent) =>
    refusals.noting(async (turnedAway) => {
      if (event.requestContext.http.method !== 'POST') {
        const refused = problemResult(new RequestRefused('method-not-allowed', 'POST heartbeats.').problem);
        return { ...refused, headers: { ...refused.headers, allow: 'POST' } };
      }
      const text = jsonText(event, ports.limits.bodyBytes);
      if (credentials(event).scheme === canaryScheme) return await takeCanary(event, ports, turnedAway);
      const identity = await ports.verifier.verify(bearerToken(event));
      const body = parseJson(text);
      const answers = await putAll(judgeBeats(body, identity, timings), pace, ports, timings);
      if (answers.includes(busyProblem)) turnedAway();
      return Array.isArray(body) ? jsonResult(202, { results: answers }) : single(answers[0]);
    }),
  );
}

/** A canary takes the way of every beat from here on; what keeps beats from the stream keeps it from there too (TR2). */
async function takeCanary(
  event: HttpEvent,
  { stream, canarySecret, clock }: EndpointPorts,
  turnedAway: () => void,
): Promise<HttpResult> {
  if (!isCanaryToken(await canarySecret.read(), credentials(event).value, clock.now())) {
    throw new AccessRefused('no canary of ours');
  }
  if ((await stream.putCanary()) === 'taken') return jsonResult(202, {});
  turnedAway();
  return problemResult(busyProblem);
}

/** What a front end is told of its beat: when the next one is due, and until when it counts. */
interface Receipt {
  readonly status: 202;
  readonly next: number;
  readonly serverTime: string;
  readonly leaseUntil: string;
}

async function putAll(
  judged: readonly Acceptance[],
  pace: BeatPace,
  { stream, clock, limits }: EndpointPorts,
  timings: Timings,
): Promise<readonly (Receipt | Problem)[]> {
  const judgedMs = clock.now();
  const acceptances = judged.map((acceptance) => inPace(acceptance, pace, judgedMs, limits));
  const beats = acceptances.flatMap((acceptance) => ('beat' in acceptance ? [acceptance.beat] : []));
  const outcomes = beats.length === 0 ? [] : await stream.put(beats);
  const nowMs = clock.now();
  const outcomeOf = new Map(beats.map((beat, index) => [beat, outcomes[index]] as const));
  for (const [beat, outcome] of outcomeOf) if (outcome === 'taken') pace.note(beat, judgedMs);
  return acceptances.map((acceptance) =>
    'beat' in acceptance
      ? answerTo(acceptance.beat, outcomeOf.get(acceptance.beat), nowMs, timings)
      : acceptance.problem,
  );
}

/** One that comes too early is refused by itself, as whatever else is wrong with a beat is. */
function inPace(
  acceptance: Acceptance,
  pace: BeatPace,
  nowMs: number,
  { minBeatSeconds }: Limits,
): Acceptance {
  const earlyMs = 'beat' in acceptance ? pace.tooEarlyMs(acceptance.beat, nowMs) : 0;
  if (earlyMs === 0) return acceptance;
  const detail = `A session may beat every ${minBeatSeconds} s. This beat was not taken.`;
  const { problem } = new RequestRefused('too-fast', detail);
  return { problem: { ...problem, retryAfter: Math.ceil(earlyMs / 1_000) } };
}

const answerTo = (beat: AcceptedBeat, outcome: PutOutcome | undefined, nowMs: number, t: Timings) =>
  outcome === 'taken' ? receipt(beat, nowMs, t) : busyProblem;

function receipt({ nextSeconds }: AcceptedBeat, nowMs: number, t: Timings): Receipt {
  const leaseUntilMs = nextSeconds === 0 ? graceEndMs(nowMs, t) : leaseEndMs(nowMs, nextSeconds, t);
  return { status: 202, next: nextSeconds, serverTime: instant(nowMs), leaseUntil: instant(leaseUntilMs) };
}

function single(answer: Receipt | Problem | undefined): HttpResult {
  if (answer === undefined) return problemResult(busyProblem);
  if ('type' in answer) return problemResult(answer);
  const { status, ...body } = answer;
  return jsonResult(status, body);
}
