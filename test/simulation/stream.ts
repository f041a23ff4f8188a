import type { Shard } from '../../core/as-of';
import { type AcceptedBeat, formatRecord } from '../../core/beat';
import { formatCanary } from '../../core/canary';
import { TryAgainLater } from '../../core/errors';
import type { BeatStream, PutOutcome } from '../../core/ports';
import { sessionKeyText } from '../../core/session';
import { type NewRecord, Streams } from '../../local/kinesis/streams';
import type { StreamRecord } from '../../local/kinesis-event';
import type { ListedShard, StreamReader } from '../../local/shard-poller';
import type { Chance } from './chance';
import type { SimulatedTime } from './time';
import type { Truth } from './truth';
import type { Weather } from './weather';

const name = 'beats';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Kinesis: beats and canaries onto shards that split and merge, with the faults of the weather. */
export class SimulatedStream implements BeatStream, StreamReader {
  private readonly streams: Streams;
  /** By how much earlier than the record before a record seems to have arrived, by its shard and sequence number. */
  private readonly stepsBackMs = new Map<string, number>();

  constructor(
    shards: number,
    private readonly time: SimulatedTime,
    private readonly weather: Weather,
    private readonly truth: Truth,
    private readonly chance: Chance,
  ) {
    this.streams = Streams.open({ now: () => time.now() });
    this.streams.create(name, shards);
  }

  async put(beats: readonly AcceptedBeat[]): Promise<readonly PutOutcome[]> {
    return beats.map((beat) => {
      if (this.chance.happens(this.weather.streamBusy)) return 'busy';
      this.putBeat(beat);
      // A producer whose answer was lost puts the record again (Kinesis guide, "Handling duplicate records").
      if (this.chance.happens(this.weather.beatsTwice)) this.putBeat(beat);
      return 'taken';
    });
  }

  async putCanary(): Promise<PutOutcome> {
    if (this.chance.happens(this.weather.streamBusy)) return 'busy';
    this.append({ partitionKey: 'canary', data: base64(formatCanary('endpoint')) });
    return 'taken';
  }

  putOnShard(shard: Shard): void {
    if (this.chance.happens(this.weather.streamBusy)) throw new TryAgainLater('the shard is too busy');
    this.append({
      partitionKey: shard.shardId,
      explicitHashKey: BigInt(shard.firstHashKey),
      data: base64(formatCanary('shard')),
    });
  }

  putRaw(text: string): void {
    this.append({ partitionKey: String(this.chance.between(0, 1_000)), data: base64(text) });
  }

  shards(): readonly ListedShard[] {
    return this.streams.shards(name);
  }

  /** As Kinesis lists them. */
  listed(): readonly Shard[] {
    return this.streams.shards(name).map(({ shardId, parents, closed, range }) => ({
      shardId,
      parents,
      open: !closed,
      firstHashKey: String(range.start),
    }));
  }

  read(_: string, shardId: string, after: string | undefined, limit: number): readonly StreamRecord[] {
    return this.streams.read(name, shardId, after, limit).map((record) => this.arrived(shardId, record));
  }

  /** Sequence number of the last record of a shard. */
  lastOf(shardId: string): string | undefined {
    return this.streams.lastOf(name, shardId)?.sequenceNumber;
  }

  split(): void {
    const open = this.streams.shards(name).filter(({ closed }) => !closed);
    const [first, ...others] = open;
    if (first === undefined || open.length >= 6) return;
    const { shardId, range } = this.chance.oneOf([first, ...others]);
    if (range.end - range.start > 2n) this.streams.split(name, shardId, (range.start + range.end) / 2n);
  }

  merge(): void {
    const open = this.streams.shards(name).filter(({ closed }) => !closed);
    const [left, right] = open
      .toSorted((one, other) => (one.range.start < other.range.start ? -1 : 1))
      .slice(this.chance.between(0, Math.max(1, open.length - 1)));
    if (left !== undefined && right !== undefined) this.streams.merge(name, left.shardId, right.shardId);
  }

  private putBeat(beat: AcceptedBeat): void {
    const record = { partitionKey: sessionKeyText(beat), data: base64(formatRecord(beat)) };
    const { shardId, sequenceNumber, arrivalMs } = this.append(record);
    this.truth.noteTaken(beat, arrivalMs, shardId, sequenceNumber);
  }

  private append(record: NewRecord): StreamRecord & { readonly shardId: string } {
    const { shardId, sequenceNumber } = this.streams.put(name, record);
    const backMs = this.chance.between(0, this.weather.arrivalStepsBackMs + 1);
    if (backMs > 0) this.stepsBackMs.set(`${shardId} ${sequenceNumber}`, backMs);
    const { arrivalMs } = this.streams.lastOf(name, shardId) ?? { arrivalMs: this.time.now() };
    return { ...this.arrived(shardId, { ...record, sequenceNumber, arrivalMs }), shardId };
  }

  /** Arrival times may step back slightly from record to record, as at AWS. */
  private arrived(shardId: string, record: StreamRecord): StreamRecord {
    const backMs = this.stepsBackMs.get(`${shardId} ${record.sequenceNumber}`);
    return backMs === undefined ? record : { ...record, arrivalMs: record.arrivalMs - backMs };
  }
}
