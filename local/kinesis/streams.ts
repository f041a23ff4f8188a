import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsFault } from '../aws-json';
import { evenRanges, type HashKeyRange, hashKeyOf } from './hash-keys';
import { RecordLog, type StreamRecord } from './record-log';
import { sequenceNumberAfter } from './sequence-numbers';

export type { StreamRecord } from './record-log';

export interface Shard {
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly range: HashKeyRange;
  /** A closed shard takes no more records. */
  readonly closed: boolean;
}

/** A record as it is put. */
export interface NewRecord {
  readonly partitionKey: string;
  /** Takes the place of the partition key's hash. */
  readonly explicitHashKey?: bigint;
  /** Base64. */
  readonly data: string;
}

export interface StreamsOptions {
  readonly now: () => number;
  /** Where streams are kept between two starts; without it nothing touches the disk. */
  readonly directory?: string;
  /** Kinesis keeps a day at least; an hour is more than any local consumer lies behind. */
  readonly retentionMs?: number;
}

interface Stream {
  shards: Shard[];
  readonly logs: Map<string, RecordLog>;
}

const anHourMs = 3_600_000;

/** As Kinesis has it, save that it does not begin with a point, since it names a directory here. */
const streamName = /^[\w-][\w.-]{0,127}$/;

/** Kinesis streams of this machine. */
export class Streams {
  private readonly streams = new Map<string, Stream>();
  private readonly listeners = new Set<(stream: string, shardId: string) => void>();
  /** A fault to inject: whether a record is turned away as too much for its shard. */
  throttles: (shardId: string) => boolean = () => false;

  private constructor(private readonly options: StreamsOptions) {}

  static open(options: StreamsOptions): Streams {
    return new Streams(options);
  }

  /**
   * Creates a stream, or opens what an earlier process left of it, which then has the shards that it had.
   * @throws AwsFault ValidationException for a name or a number of shards that no stream can have
   */
  create(name: string, shardCount: number): void {
    if (this.streams.has(name)) return;
    if (!streamName.test(name)) throw new AwsFault('ValidationException', `${name} is no name of a stream.`);
    if (!(Number.isInteger(shardCount) && shardCount >= 1)) {
      throw new AwsFault('ValidationException', 'ShardCount must be at least 1.');
    }
    const kept = this.keptShards(name);
    const shards = kept ?? evenRanges(shardCount).map((range, index) => shardAt(index, [], range));
    this.streams.set(name, { shards, logs: new Map() });
    if (kept === undefined) this.keepShards(name, shards);
  }

  /** Deletes a stream with everything that is kept of it. */
  delete(name: string): void {
    for (const log of this.stream(name).logs.values()) log.close();
    this.streams.delete(name);
    const { directory } = this.options;
    if (directory !== undefined) rmSync(join(directory, name), { recursive: true, force: true });
  }

  get names(): readonly string[] {
    return [...this.streams.keys()];
  }

  has(name: string): boolean {
    return this.streams.has(name);
  }

  shards(name: string): readonly Shard[] {
    return this.stream(name).shards;
  }

  /** @throws AwsFault ProvisionedThroughputExceededException while the shard is throttled */
  put(name: string, record: NewRecord): { readonly shardId: string; readonly sequenceNumber: string } {
    const { shardId } = this.openShardFor(name, record.explicitHashKey ?? hashKeyOf(record.partitionKey));
    if (this.throttles(shardId)) {
      throw new AwsFault('ProvisionedThroughputExceededException', `Rate exceeded for shard ${shardId}`);
    }
    const log = this.log(name, shardId);
    // Arrival never steps back within a shard here, though it may slightly at AWS.
    const arrivalMs = Math.max(this.options.now(), log.last?.arrivalMs ?? 0);
    const sequenceNumber = sequenceNumberAfter(log.last?.sequenceNumber, arrivalMs);
    const { partitionKey, data } = record;
    log.append({ sequenceNumber, partitionKey, data, arrivalMs });
    for (const listener of this.listeners) listener(name, shardId);
    return { shardId, sequenceNumber };
  }

  /** Records after a sequence number, or from the oldest that is kept, in order. */
  read(name: string, shardId: string, after: string | undefined, limit: number): readonly StreamRecord[] {
    return this.log(name, shardId).after(after, limit);
  }

  /** The sequence number before the first record that arrived at or after an instant. */
  positionBefore(name: string, shardId: string, atMs: number): string | undefined {
    return this.log(name, shardId).before(atMs);
  }

  lastOf(name: string, shardId: string): StreamRecord | undefined {
    return this.log(name, shardId).last;
  }

  /** Closes a shard and opens two in its place, the second of which begins at `newStart`. */
  split(name: string, shardId: string, newStart: bigint): void {
    const { range } = this.openShard(name, shardId);
    if (newStart <= range.start || newStart > range.end) {
      throw new AwsFault('InvalidArgumentException', `NewStartingHashKey is not within ${shardId}`);
    }
    const ranges = [
      { start: range.start, end: newStart - 1n },
      { start: newStart, end: range.end },
    ];
    this.reshard(name, [shardId], ranges);
  }

  /** Closes two neighbours and opens one in their place. */
  merge(name: string, shardId: string, neighbour: string): void {
    const [first, second] = [this.openShard(name, shardId), this.openShard(name, neighbour)].sort((a, b) =>
      a.range.start < b.range.start ? -1 : 1,
    );
    if (first === undefined || second === undefined || first.range.end + 1n !== second.range.start) {
      throw new AwsFault('InvalidArgumentException', `${shardId} and ${neighbour} are no neighbours`);
    }
    this.reshard(name, [shardId, neighbour], [{ start: first.range.start, end: second.range.end }]);
  }

  /** Calls back after each record, until the returned function is called. */
  onAppend(listener: (stream: string, shardId: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    for (const { logs } of this.streams.values()) for (const log of logs.values()) log.close();
    this.streams.clear();
  }

  private stream(name: string): Stream {
    const found = this.streams.get(name);
    if (found === undefined) throw new AwsFault('ResourceNotFoundException', `Stream ${name} not found.`);
    return found;
  }

  private shard(name: string, shardId: string): Shard {
    const found = this.stream(name).shards.find((shard) => shard.shardId === shardId);
    if (found === undefined) throw new AwsFault('ResourceNotFoundException', `Shard ${shardId} not found.`);
    return found;
  }

  private openShard(name: string, shardId: string): Shard {
    const shard = this.shard(name, shardId);
    if (shard.closed) throw new AwsFault('InvalidArgumentException', `Shard ${shardId} is closed.`);
    return shard;
  }

  private openShardFor(name: string, hashKey: bigint): Shard {
    const found = this.stream(name).shards.find(
      ({ closed, range }) => !closed && range.start <= hashKey && hashKey <= range.end,
    );
    if (found === undefined) throw new AwsFault('InvalidArgumentException', 'The hash key is out of range.');
    return found;
  }

  private reshard(name: string, parents: readonly string[], ranges: readonly HashKeyRange[]): void {
    const stream = this.stream(name);
    const closed = stream.shards.map((shard) =>
      parents.includes(shard.shardId) ? { ...shard, closed: true } : shard,
    );
    const opened = ranges.map((range, index) => shardAt(stream.shards.length + index, parents, range));
    stream.shards = [...closed, ...opened];
    this.keepShards(name, stream.shards);
  }

  private log(name: string, shardId: string): RecordLog {
    const { logs } = this.stream(name);
    const known = logs.get(shardId);
    if (known !== undefined) return known;
    this.shard(name, shardId);
    const { directory, now, retentionMs = anHourMs } = this.options;
    const path = directory === undefined ? undefined : join(directory, name, `${shardId}.jsonl`);
    const log = new RecordLog(retentionMs, now(), path);
    logs.set(shardId, log);
    return log;
  }

  private shardFile(name: string): string | undefined {
    return this.options.directory === undefined
      ? undefined
      : join(this.options.directory, name, 'shards.json');
  }

  private keptShards(name: string): Shard[] | undefined {
    const path = this.shardFile(name);
    if (path === undefined || !existsSync(path)) return undefined;
    const shards = JSON.parse(readFileSync(path, 'utf8')) as (Omit<Shard, 'range'> & {
      range: { start: string; end: string };
    })[];
    return shards.map((shard) => ({
      ...shard,
      range: { start: BigInt(shard.range.start), end: BigInt(shard.range.end) },
    }));
  }

  /** By renaming, so that a killed process leaves the old list or the new one. */
  private keepShards(name: string, shards: readonly Shard[]): void {
    const path = this.shardFile(name);
    if (path === undefined) return;
    mkdirSync(join(path, '..'), { recursive: true });
    const text = JSON.stringify(shards, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}

const shardAt = (index: number, parents: readonly string[], range: HashKeyRange): Shard => ({
  shardId: `shardId-${String(index).padStart(12, '0')}`,
  parents,
  range,
  closed: false,
});
