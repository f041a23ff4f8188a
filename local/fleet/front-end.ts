import type { Beat } from '../../core/beat';
import type { FrontEndPlan, OpeningHours } from './plan';
import { between, type Random, seededRandom } from './random';

/** What happens at a beat, and how likely; in all other cases it is simply sent. */
const likelihood = { reload: 0.02, crash: 0.01, gap: 0.015, hide: 0.08 } as const;
const crashAtClosing = 0.15;

const visibleSeconds = 30;
const hiddenSeconds = 60;

/** An open instance of the app. */
interface OpenSession {
  readonly sessionId: string;
  seq: number;
  hidden: boolean;
}

/**
 * A simulated front end. It opens and closes with its facility, is reloaded, hidden, cut off from the network, or dies
 * without a goodbye; the same for the same seed and the same instants.
 */
export class FrontEnd {
  /** When it wants to act next. */
  dueMs: number;
  private readonly random: Random;
  private session: OpenSession | undefined;
  private opened = 0;

  /** @param name unlike that of every session of an earlier run, since a session that left stays away (HB5) */
  constructor(
    readonly plan: FrontEndPlan,
    private readonly name: string,
    nowMs: number,
  ) {
    this.random = seededRandom(plan.seed);
    this.dueMs = nowMs + between(this.random, 0, 5_000);
  }

  /** Does what is due; @returns the beat to send, if any. */
  act(nowMs: number): Beat | undefined {
    const opensInMs = untilOpen(this.plan.hours, nowMs);
    if (opensInMs > 0) return this.closeUp(nowMs, opensInMs);
    const session = this.session ?? this.open();
    const dice = this.random();
    if (session.seq > 0 && dice < likelihood.reload)
      return this.leave(nowMs, between(this.random, 500, 3_000));
    if (session.seq > 0 && dice < likelihood.reload + likelihood.crash) return this.crash(nowMs);
    if (session.seq > 0 && dice < likelihood.reload + likelihood.crash + likelihood.gap) {
      return this.wait(nowMs, between(this.random, 40_000, 180_000));
    }
    return this.beat(session, nowMs);
  }

  private open(): OpenSession {
    this.opened += 1;
    this.session = { sessionId: `${this.name}-${this.opened}`, seq: 0, hidden: false };
    return this.session;
  }

  private beat(session: OpenSession, nowMs: number): Beat {
    if (this.random() < likelihood.hide) session.hidden = !session.hidden;
    session.seq += 1;
    const next = session.hidden ? hiddenSeconds : visibleSeconds;
    this.dueMs = nowMs + next * 1_000;
    const { sessionId, seq } = session;
    return { sessionId, region: this.plan.region, seq, next };
  }

  /** Says goodbye; whoever reloads is back at once, with a session of its own. */
  private leave(nowMs: number, backInMs: number): Beat | undefined {
    const left = this.session;
    this.session = undefined;
    this.dueMs = nowMs + backInMs;
    if (left === undefined) return undefined;
    return { sessionId: left.sessionId, region: this.plan.region, seq: left.seq + 1, next: 0 };
  }

  private crash(nowMs: number): undefined {
    this.session = undefined;
    return this.wait(nowMs, between(this.random, 60_000, 240_000));
  }

  private wait(nowMs: number, ms: number): undefined {
    this.dueMs = nowMs + ms;
    return undefined;
  }

  private closeUp(nowMs: number, opensInMs: number): Beat | undefined {
    const backInMs = opensInMs + between(this.random, 0, 20_000);
    if (this.random() >= crashAtClosing) return this.leave(nowMs, backInMs);
    this.session = undefined;
    return this.wait(nowMs, backInMs);
  }
}

/** 0 while it is open. */
function untilOpen({ dayMs, offsetMs, openMs }: OpeningHours, nowMs: number): number {
  const timeOfDayMs = (nowMs + offsetMs) % dayMs;
  return timeOfDayMs < openMs ? 0 : dayMs - timeOfDayMs;
}
