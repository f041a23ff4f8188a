import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { mapBounded } from '../../core/concurrency';
import { TryAgainLater } from '../../core/errors';
import type {
  Clock,
  DeadLetter,
  DeadLetters,
  Log,
  Meter,
  RegionLedger,
  SessionStore,
  Watermarks,
} from '../../core/ports';
import { progressOf } from '../../core/processed';
import { isNextBeat, type Merge, mergeBeats, type Session } from '../../core/session';
import type { Timings } from '../../core/timings';
import { LaterVersion } from '../../core/versions';
import type { HeartbeatMonitorFigure } from './contract';
import { FailedRecords } from './failed-records';
import { type SessionBeats, type SortedBatch, sortBatch } from './records';
import { SessionCache } from './session-cache';
import { WatermarkPace } from './watermark-pace';

export interface MonitorPorts {
  readonly sessions: SessionStore;
  readonly ledger: Pick<RegionLedger, 'raiseMark'>;
  readonly watermarks: Pick<Watermarks, 'advanceShard' | 'advanceEndpoint'>;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter<HeartbeatMonitorFigure>;
}

/**
 * Twice what a shard is good for: 1,000 records a second are 30,000 sessions. With fewer than there are, each would be forgotten
 * just before its next beat, and be read again: half a read unit for every beat.
 */
const cachedSessions = 60_000;
/** Several of the calls in which new sessions are written together. */
const writesAtOnce = 100;
/** Others who write the same session at the same time: a split shard's parent, a retried batch. */
const saveAttempts = 5;

/** Writes beats into sessions. Whatever fails is given back to the stream by its sequence number, the rest is done. */
export function createMonitor(ports: MonitorPorts, timings: Timings) {
  const cache = new SessionCache(cachedSessions);
  const pace = new WatermarkPace();
  return async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const nowMs = ports.clock.now();
    const batch = sortBatch(event.Records, nowMs);
    const failed = new FailedRecords(ports.log);
    await mapBounded(batch.poison, writesAtOnce, (letter) =>
      failed.attempt([letter.sequenceNumber], () => bury(letter, ports)),
    );
    if (batch.later.length > 0) await failed.attempt(batch.later, waitForRelease);
    const everything = batch.sessions.flatMap(({ sequenceNumbers }) => sequenceNumbers);
    await failed.attempt(everything, () => take(batch.sessions, failed, { cache, ports, timings, nowMs }));
    const { sequenceNumbers } = failed;
    await noteProgress(batch, sequenceNumbers, nowMs, pace, ports);
    if (sequenceNumbers.size > 0) ports.meter.count('returnedRecords', sequenceNumbers.size);
    ports.meter.flush();
    return { batchItemFailures: [...sequenceNumbers].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** What the work on a batch shares. */
interface Work {
  readonly cache: SessionCache;
  readonly ports: MonitorPorts;
  readonly timings: Timings;
  readonly nowMs: number;
}

/** The beats of a session, and what they do to what is stored of it. */
interface Merged extends SessionBeats {
  readonly stored: Session | undefined;
  readonly merge: Merge;
}

async function take(sessions: readonly SessionBeats[], failed: FailedRecords, work: Work): Promise<void> {
  const { cache, ports } = work;
  const stored = await load(sessions, cache, ports);
  const marks = new Map<string, string[]>();
  const toWrite: Merged[] = [];
  for (const session of sessions) {
    const merged = failed.attemptNow(session.sequenceNumbers, () => merge(session, stored, work));
    if (merged?.merge.write) toWrite.push(merged);
    else if (merged?.merge.marks) addMark(marks, merged);
  }
  await mapBounded(toWrite, writesAtOnce, async (merged) => {
    try {
      if (await write(merged, work)) addMark(marks, merged);
    } catch (error) {
      failed.note(merged.sequenceNumbers, error);
    }
  });
  // After the session writes (CD5): a settle that reads this mark sees what it stands for.
  await mapBounded([...marks], writesAtOnce, ([region, records]) =>
    failed.attempt(records, () => ports.ledger.raiseMark(region)),
  );
}

/** Most renewals need no write (HB6): for them this is all. */
function merge(
  { key, beats, sequenceNumbers }: SessionBeats,
  known: ReadonlyMap<string, Session>,
  { cache, timings }: Work,
): Merged {
  const stored = known.get(key);
  const merged = mergeBeats(stored, beats, timings);
  if (!merged.write) cache.set(key, merged.session);
  return { key, beats, sequenceNumbers, stored, merge: merged };
}

/**
 * After everything else (TR2): whoever reads a watermark finds the sessions that it speaks of. One that cannot be written
 * only holds as-of back, until the next canary, so the batch need not come again for it.
 */
async function noteProgress(
  { shardId, records }: SortedBatch,
  failed: ReadonlySet<string>,
  nowMs: number,
  pace: WatermarkPace,
  { watermarks, log }: MonitorPorts,
): Promise<void> {
  const { watermarkMs, endpointMs, urgent } = progressOf(records, failed);
  if (watermarkMs === undefined || !pace.isDue(shardId, nowMs, urgent)) return;
  try {
    await watermarks.advanceShard(shardId, watermarkMs);
    if (endpointMs !== undefined) await watermarks.advanceEndpoint(endpointMs);
  } catch (error) {
    log.error('a watermark was not written', error, { shardId });
  }
}

/** During a deployment the stream keeps what the release after this one has to say (HB8). */
const waitForRelease = (): Promise<never> =>
  Promise.reject(new LaterVersion('records are of a later release, which is not deployed here yet'));

async function bury(letter: DeadLetter, { deadLetters, log, meter }: MonitorPorts): Promise<void> {
  await deadLetters.store(letter);
  meter.count('poisonRecords');
  const { shardId, sequenceNumber, why } = letter;
  log.info('poison record stored as a dead letter', { shardId, sequenceNumber, why });
}

/** Any copy of the function may have had the beat before: then what this one remembers is no longer what is stored. */
async function load(
  batch: readonly SessionBeats[],
  cache: SessionCache,
  { sessions }: MonitorPorts,
): Promise<ReadonlyMap<string, Session>> {
  const found = new Map<string, Session>();
  const unknown: SessionBeats[] = [];
  for (const beats of batch) {
    const cached = cache.get(beats.key);
    if (cached !== undefined && isNextBeat(cached, beats.beats[0])) found.set(beats.key, cached);
    else unknown.push(beats);
  }
  const loaded = unknown.length === 0 ? [] : await sessions.load(unknown.map(({ beats }) => beats[0]));
  for (const [index, { key }] of unknown.entries()) {
    const session = loaded[index];
    if (session !== undefined) found.set(key, session);
  }
  return found;
}

/** @returns whether the region must be looked at */
async function write(merged: Merged, { cache, ports, timings, nowMs }: Work): Promise<boolean> {
  const { key, beats } = merged;
  let { stored, merge: next } = merged;
  for (let attempt = 0; attempt < saveAttempts; attempt += 1) {
    if (!next.write) {
      cache.set(key, next.session);
      return next.marks;
    }
    const outcome = await ports.sessions.save(next.session, next.attributes);
    if ('saved' in outcome) {
      cache.set(key, outcome.saved);
      // A renewal that was read late finds its facility perhaps offline already, which no lease end would tell.
      return next.marks || (stored !== undefined && stored.leaseUntilMs <= nowMs);
    }
    cache.delete(key);
    stored = outcome.conflict;
    next = mergeBeats(stored, beats, timings);
  }
  throw new TryAgainLater('others kept writing the same session', { actual: saveAttempts });
}

function addMark(marks: Map<string, string[]>, { beats, sequenceNumbers }: SessionBeats): void {
  const { region } = beats[0];
  const records = marks.get(region);
  if (records === undefined) marks.set(region, [...sequenceNumbers]);
  else records.push(...sequenceNumbers);
}
