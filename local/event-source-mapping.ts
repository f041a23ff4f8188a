import { BatchDelivery } from './batch-delivery';
import { Pauses } from './pauses';
import { defaultPollMs, type ListedShard, type PollingOptions, ShardPoller } from './shard-poller';

/** The settings of an AWS::Lambda::EventSourceMapping on a Kinesis stream, and what it works with. */
export type MappingOptions = PollingOptions;

/**
 * Lambda's event source mapping for a Kinesis stream: reads each shard from its start (TRIM_HORIZON), one batch at a time
 * and in order, a child shard only after its parents, and keeps at a batch until it is processed or discarded.
 */
export class EventSourceMapping {
  private readonly pauses: Pauses;
  private readonly delivery: BatchDelivery;
  private readonly pollMs: number;
  private readonly pollers = new Map<string, Promise<void>>();
  private readonly readToTheEnd = new Set<string>();
  private running: Promise<void> | undefined;
  private paused = false;
  private stuck: ReadonlySet<string> = new Set();

  constructor(private readonly options: MappingOptions) {
    this.pollMs = options.pollMs ?? defaultPollMs;
    this.pauses = new Pauses(options.clock);
    this.delivery = new BatchDelivery(options, this.pauses, (shardId) => this.whileNotHeld(shardId));
  }

  /** Begins to poll. A mapping that was stopped stays so. */
  start(): void {
    this.running ??= this.watchShards();
  }

  /** Ends at once: a batch that the function has in hand counts as not delivered. */
  async stop(): Promise<void> {
    this.pauses.end();
    await this.running;
  }

  /** Holds back everything that is not in the function already, as a disabled mapping does. */
  pause(): void {
    this.paused = true;
  }

  /** Goes on within one poll interval. */
  resume(): void {
    this.paused = false;
  }

  /** A fault to inject: nothing more of these shards is delivered, the others go on. */
  stick(shardIds: readonly string[]): void {
    this.stuck = new Set(shardIds);
  }

  private async watchShards(): Promise<void> {
    while (!this.pauses.over) {
      await this.whileNotHeld();
      for (const { shardId } of this.newlyReadable()) this.pollers.set(shardId, this.poll(shardId));
      await this.pauses.pause(this.pollMs);
    }
    await Promise.all(this.pollers.values());
  }

  private newlyReadable(): readonly ListedShard[] {
    const shards = this.listed();
    const unread = new Set(shards.map(({ shardId }) => shardId).filter((id) => !this.readToTheEnd.has(id)));
    return shards.filter(
      ({ shardId, parents }) => !this.pollers.has(shardId) && !parents.some((parent) => unread.has(parent)),
    );
  }

  /** A stream that cannot be listed now, perhaps because it is not there yet, is asked again. */
  private listed(): readonly ListedShard[] {
    try {
      return this.options.streams.shards(this.options.stream);
    } catch (error) {
      this.options.log.error('The shards could not be listed', error, { stream: this.options.stream });
      return [];
    }
  }

  private async poll(shardId: string): Promise<void> {
    const poller = new ShardPoller(shardId, this.options, this.delivery, this.pauses);
    if (await poller.run()) this.readToTheEnd.add(shardId);
  }

  private async whileNotHeld(shardId = ''): Promise<void> {
    while ((this.paused || this.stuck.has(shardId)) && !this.pauses.over) {
      await this.pauses.pause(this.pollMs);
    }
  }
}
