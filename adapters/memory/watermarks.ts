import {
  type EndpointMark,
  newStanding,
  refusalsAfter,
  type Standing,
  type WatermarkRecord,
} from '../../core/as-of';
import type { Watermarks } from '../../core/ports';
import type { Timings } from '../../core/timings';

/** Watermarks in variables. */
export class MemoryWatermarks implements Watermarks {
  private readonly shards = new Map<string, number>();
  private endpoint: EndpointMark = { canaryMs: 0 };
  protected current = newStanding;
  private toldMs = 0;

  constructor(private readonly timings: Timings) {}

  async read(): Promise<WatermarkRecord> {
    return { shards: new Map(this.shards), endpoint: this.endpoint };
  }

  async advanceShard(shardId: string, watermarkMs: number): Promise<void> {
    this.shards.set(shardId, Math.max(watermarkMs, this.shards.get(shardId) ?? 0));
  }

  async advanceEndpoint(arrivalMs: number): Promise<void> {
    this.endpoint = { ...this.endpoint, canaryMs: Math.max(arrivalMs, this.endpoint.canaryMs) };
  }

  async noteRefusal(atMs: number): Promise<void> {
    const refusals = refusalsAfter(this.endpoint.refusals, atMs, this.timings);
    this.endpoint = { ...this.endpoint, refusals };
  }

  async standing(): Promise<Standing> {
    return this.current;
  }

  async saveStanding(standing: Standing): Promise<boolean> {
    if (standing.revision !== this.current.revision) return false;
    this.current = { ...standing, revision: standing.revision + 1 };
    return true;
  }

  async noteTold(asOfMs: number): Promise<void> {
    this.toldMs = Math.max(this.toldMs, asOfMs);
  }

  async told(): Promise<number> {
    return this.toldMs;
  }
}
