import type { Beat, Receipt } from '../heartbeat/schedule';

/** A beat that the server took, with when it came and whose it is. */
export interface TakenBeat extends Beat {
  readonly atMs: number;
  readonly user: string;
}

interface Session {
  readonly beat: TakenBeat;
  readonly leaseUntilMs: number;
  readonly hasLeft: boolean;
}

/** The defaults of the server: allowance 3, slack 5 s, grace 10 s. */
const leaseMs = (next: number): number => (next === 0 ? 10_000 : (3 * next + 5) * 1_000);

/** Sessions with leases, as rules HB3 to HB5 have them. */
export class FakeSessions {
  readonly beats: TakenBeat[] = [];
  private readonly sessions = new Map<string, Session>();

  take(beat: TakenBeat): Receipt {
    this.beats.push(beat);
    const key = `${beat.user} ${beat.region} ${beat.sessionId}`;
    const known = this.sessions.get(key);
    const leaseUntilMs = beat.atMs + leaseMs(beat.next);
    const receipt = {
      next: beat.next,
      serverTime: new Date(beat.atMs).toISOString(),
      leaseUntil: new Date(leaseUntilMs).toISOString(),
    };
    // Leaving is final, and brings nobody in.
    if (known?.hasLeft) return receipt;
    const hasLeft = beat.next === 0;
    const untilMs = hasLeft
      ? Math.min(known?.leaseUntilMs ?? 0, leaseUntilMs)
      : Math.max(known?.leaseUntilMs ?? 0, leaseUntilMs);
    this.sessions.set(key, { beat, leaseUntilMs: untilMs, hasLeft });
    return receipt;
  }

  /** How many sessions cover a facility now. */
  count(region: string, facility: string, nowMs: number): number {
    return [...this.sessions.values()].filter(
      ({ beat, leaseUntilMs }) =>
        leaseUntilMs > nowMs && beat.region === region && (beat.facilities ?? []).includes(facility),
    ).length;
  }

  /** Everything that beats have named. */
  get facilities(): readonly (readonly [region: string, facility: string])[] {
    return [...this.sessions.values()].flatMap(({ beat }) =>
      (beat.facilities ?? []).map((facility) => [beat.region, facility] as const),
    );
  }
}
