import { setTimeout as sleep } from 'node:timers/promises';

/** The region of front ends that never stop. */
export const steadyRegion = 'steady-town';

/** Seconds between the beats of each, from the most impatient that there may be to the usual. */
const intervals = [5, 5, 10, 30, 30] as const;
const timeoutMs = 10_000;
const lookEveryMs = 100;

/** Front ends that beat on whatever happens, as pages do whose operators stay at their desks: none may ever be told offline. */
export class SteadyFrontEnds {
  taken = 0;
  failed = 0;
  readonly facilities: readonly string[];
  private stopped = false;
  private readonly running: Promise<unknown>;

  constructor(
    private readonly heartbeatUrl: string,
    private readonly token: string,
    count: number,
  ) {
    this.facilities = Array.from({ length: count }, (_, index) => `desk-${index}`);
    this.running = Promise.all(this.facilities.map((facility, index) => this.beatOn(facility, index)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async beatOn(facility: string, index: number): Promise<void> {
    const next = intervals[index % intervals.length] ?? 30;
    const onTheWay = new Set<Promise<void>>();
    let dueMs = performance.now() + index * lookEveryMs;
    for (let seq = 1; !this.stopped; ) {
      if (performance.now() >= dueMs) {
        dueMs += next * 1_000;
        const sending: Promise<void> = this.beat(facility, next, seq).finally(() => onTheWay.delete(sending));
        onTheWay.add(sending);
        seq += 1;
      }
      await sleep(lookEveryMs);
    }
    await Promise.all(onTheWay);
  }

  /** One that fails is not sent again: the next one is due soon. */
  private async beat(facility: string, next: number, seq: number): Promise<void> {
    const beat = { sessionId: facility, region: steadyRegion, facilities: [facility], next, seq };
    try {
      const response = await fetch(this.heartbeatUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
        body: JSON.stringify(beat),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.text();
      if (response.ok) this.taken += 1;
      else this.failed += 1;
    } catch {
      this.failed += 1;
    }
  }
}
