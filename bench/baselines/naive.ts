import type { PlayBeat, PresenceSystem, Told } from './system';
import type { PlayTime } from './time';

const second = 1_000;

/** The same patience as Rollcall's: three beats, and 5 s for their way. */
export const leaseSeconds = 95;
const scanSeconds = 60;

/**
 * The naive pipeline, tuned: an HTTP API, a Lambda for each beat, one UpdateItem of a row below 1 KB, and each minute a scan,
 * eventually consistent, that compares all rows with what was told last and pushes the difference. A goodbye is written as one, so
 * that the next scan finds it. Short of a stream or a conditional write there is nothing else to tune: that a beat is the first one,
 * the Lambda could only learn by asking for the old row, and then several would tell the same.
 *
 * While its Lambda cannot write, requests fail, and front ends beat on.
 */
export class NaivePipeline implements PresenceSystem {
  readonly told: Told[] = [];
  private readonly rows = new Map<string, { readonly lastBeatMs: number; readonly left: boolean }>();
  private readonly online = new Set<string>();
  private stalled = false;

  constructor(private readonly time: PlayTime) {}

  beat({ facility, nextSeconds }: PlayBeat): void {
    if (this.stalled) return;
    this.rows.set(facility, { lastBeatMs: this.time.now(), left: nextSeconds === 0 });
  }

  start(): void {
    void this.keepScanning();
  }

  stall(stalled: boolean): void {
    this.stalled = stalled;
  }

  async close(): Promise<void> {}

  private async keepScanning(): Promise<void> {
    for (;;) {
      await this.time.sleep(scanSeconds * second);
      this.scan(this.time.now());
    }
  }

  private scan(atMs: number): void {
    for (const [facility, { lastBeatMs, left }] of this.rows) {
      const isOnline = !left && atMs - lastBeatMs < leaseSeconds * second;
      if (isOnline === this.online.has(facility)) continue;
      if (isOnline) this.online.add(facility);
      else this.online.delete(facility);
      this.told.push({ facility, status: isOnline ? 'online' : 'offline', atMs });
    }
  }
}
