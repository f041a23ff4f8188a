import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { mapBounded } from '../../core/concurrency';
import { TryAgainLater } from '../../core/errors';
import type {
  Clock,
  DeadLetter,
  DeadLetters,
  Log,
  RegionLedger,
  SessionStore,
  Watermarks,
} from '../../core/ports';
import { progressOf } from '../../core/processed';
import { mergeBeats, type Session } from '../../core/session';
import type { Timings } from '../../core/timings';
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
}

const cachedSessions = 20_000;
const writesAtOnce = 32;
/** Others who write the same session at the same time: a split shard's parent, a retried batch. */
const saveAttempts = 5;

/** Writes beats into sessions. Whatever fails is given back to the stream by its sequence number, the rest is done. */
export function createMonitor(ports: MonitorPorts, timings: Timings) {
  const cache = new SessionCache(cachedSessions);
  const pace = new WatermarkPace();
  return async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const nowMs = ports.clock.now();
    const batch = sortBatch(event.Records);
    const failed: string[] = [];
    const attempt = async (sequenceNumbers: readonly string[], work: () => Promise<unknown>) => {
      try {
        await work();
      } catch (error) {
        ports.log.error('records go back to the stream', error, { records: sequenceNumbers.length });
        failed.push(...sequenceNumbers);
      }
    };
    await mapBounded(batch.poison, writesAtOnce, (letter) =>
      attempt([letter.sequenceNumber], () => bury(letter, ports)),
    );
    const everything = batch.sessions.flatMap(({ sequenceNumbers }) => sequenceNumbers);
    await attempt(everything, async () => {
      const stored = await load(batch.sessions, cache, ports);
      const marks = new Map<string, string[]>();
      await mapBounded(batch.sessions, writesAtOnce, (beats) =>
        attempt(beats.sequenceNumbers, async () => {
          const marked = await upsert(beats, stored.get(beats.key), { cache, ports, timings, nowMs });
          if (marked) addMark(marks, beats);
        }),
      );
      // After the session writes (CD5): a settle that reads this mark sees what it stands for.
      await mapBounded([...marks], writesAtOnce, ([region, records]) =>
        attempt(records, () => ports.ledger.raiseMark(region)),
      );
    });
    await noteProgress(batch, new Set(failed), nowMs, pace, ports);
    return { batchItemFailures: [...new Set(failed)].map((itemIdentifier) => ({ itemIdentifier })) };
  };
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

async function bury(letter: DeadLetter, { deadLetters, log }: MonitorPorts): Promise<void> {
  await deadLetters.store(letter);
  const { shardId, sequenceNumber, why } = letter;
  log.info('poison record stored as a dead letter', { shardId, sequenceNumber, why });
}

async function load(
  batch: readonly SessionBeats[],
  cache: SessionCache,
  { sessions }: MonitorPorts,
): Promise<ReadonlyMap<string, Session>> {
  const found = new Map<string, Session>();
  const unknown: SessionBeats[] = [];
  for (const beats of batch) {
    const cached = cache.get(beats.key);
    if (cached === undefined) unknown.push(beats);
    else found.set(beats.key, cached);
  }
  const loaded = unknown.length === 0 ? [] : await sessions.load(unknown.map(({ beats }) => beats[0]));
  for (const [index, { key }] of unknown.entries()) {
    const session = loaded[index];
    if (session !== undefined) found.set(key, session);
  }
  return found;
}

interface Upsert {
  readonly cache: SessionCache;
  readonly ports: MonitorPorts;
  readonly timings: Timings;
  readonly nowMs: number;
}

/** @returns whether the region must be looked at */
async function upsert(
  { key, beats }: SessionBeats,
  known: Session | undefined,
  { cache, ports, timings, nowMs }: Upsert,
): Promise<boolean> {
  let stored = known;
  for (let attempt = 0; attempt < saveAttempts; attempt += 1) {
    const merge = mergeBeats(stored, beats, timings);
    if (!merge.write) {
      cache.set(key, merge.session);
      return merge.marks;
    }
    const outcome = await ports.sessions.save(merge.session, merge.attributes);
    if ('saved' in outcome) {
      cache.set(key, outcome.saved);
      // A renewal that was read late finds its facility perhaps offline already, which no lease end would tell.
      return merge.marks || (stored !== undefined && stored.leaseUntilMs <= nowMs);
    }
    cache.delete(key);
    stored = outcome.conflict;
  }
  throw new TryAgainLater('others kept writing the same session', { actual: saveAttempts });
}

function addMark(marks: Map<string, string[]>, { beats, sequenceNumbers }: SessionBeats): void {
  const { region } = beats[0];
  const records = marks.get(region);
  if (records === undefined) marks.set(region, [...sequenceNumbers]);
  else records.push(...sequenceNumbers);
}
