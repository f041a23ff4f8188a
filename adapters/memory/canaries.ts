import type { Shard } from '../../core/as-of';
import type { Canaries, PutOutcome } from '../../core/ports';

/** Canaries that a test takes up where they land. */
export class MemoryCanaries implements Canaries {
  list: readonly Shard[] = [{ shardId: 'shard-0', parents: [], open: true, firstHashKey: '0' }];
  /** Called with each canary that is taken: the shard where it landed, or `endpoint`. */
  landed: (where: string) => void = () => {};
  /** While true, the endpoint turns canaries away. */
  endpointBusy = false;

  async shards(): Promise<readonly Shard[]> {
    return this.list;
  }

  async putOnShards(): Promise<void> {
    for (const { shardId, open } of this.list) if (open) this.landed(shardId);
  }

  async postThroughEndpoint(): Promise<PutOutcome> {
    if (this.endpointBusy) return 'busy';
    this.landed('endpoint');
    return 'taken';
  }
}
