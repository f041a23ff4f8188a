import type { Beat } from '../../core/beat';
import type { Clock, Log } from '../../core/ports';
import { Pauses } from '../pauses';
import { FrontEnd } from './front-end';
import { type FrontEndPlan, planFleet } from './plan';
import { type Sell, Tokens } from './tokens';

export interface FleetOptions {
  readonly facilities: number;
  readonly seed: number;
  readonly heartbeatUrl: string;
  /** Signs a token of a user who provides these facilities. */
  readonly token: Sell;
  readonly clock: Clock;
  readonly log: Log;
}

/** A running fleet. */
export interface Fleet {
  readonly sent: number;
  readonly failed: number;
  close(): Promise<void>;
}

const lookEveryMs = 200;
const requestTimeoutMs = 10_000;
const reportEveryMs = 60_000;

/** Starts simulated front ends, which send their heartbeats as real ones do: over HTTP, with a token. */
export function startFleet(options: FleetOptions): Fleet {
  const fleet = new RunningFleet(options);
  const running = fleet.run();
  return {
    get sent() {
      return fleet.sent;
    },
    get failed() {
      return fleet.failed;
    },
    close: async () => {
      fleet.stop();
      await running;
    },
  };
}

class RunningFleet {
  sent = 0;
  failed = 0;
  private readonly frontEnds: readonly FrontEnd[];
  private readonly tokens: Tokens;
  private readonly pauses: Pauses;
  private readonly stopped = new AbortController();
  private readonly onTheWay = new Set<Promise<void>>();
  private lastFailure: unknown;

  constructor(private readonly options: FleetOptions) {
    const { facilities, seed, token, clock } = options;
    const startMs = clock.now();
    const run = startMs.toString(36);
    this.frontEnds = planFleet(facilities, seed).map(
      (plan, index) => new FrontEnd(plan, `${run}-${index}`, startMs),
    );
    this.tokens = new Tokens(token, clock.now);
    this.pauses = new Pauses(clock);
  }

  async run(): Promise<void> {
    let reportMs = this.options.clock.now() + reportEveryMs;
    while (!this.pauses.over) {
      const nowMs = this.options.clock.now();
      for (const frontEnd of this.frontEnds) if (frontEnd.dueMs <= nowMs) this.act(frontEnd, nowMs);
      if (nowMs >= reportMs) {
        this.report();
        reportMs = nowMs + reportEveryMs;
      }
      await this.pauses.pause(lookEveryMs);
    }
    await Promise.all(this.onTheWay);
  }

  stop(): void {
    this.pauses.end();
    this.stopped.abort();
  }

  private act(frontEnd: FrontEnd, nowMs: number): void {
    const beat = frontEnd.act(nowMs);
    if (beat === undefined) return;
    const sending = this.send(beat, frontEnd.plan).finally(() => this.onTheWay.delete(sending));
    this.onTheWay.add(sending);
  }

  /** A beat that fails is not sent again: the next one is due soon, and three may be lost. */
  private async send(beat: Beat, plan: FrontEndPlan): Promise<void> {
    try {
      const response = await fetch(this.options.heartbeatUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await this.tokens.tokenOf(plan)}`,
        },
        body: JSON.stringify(beat),
        signal: AbortSignal.any([this.stopped.signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
      const answer = await response.text();
      if (response.ok) this.sent += 1;
      else this.note(`${response.status} ${answer}`);
    } catch (error) {
      if (!this.stopped.signal.aborted) this.note(error);
    }
  }

  private note(failure: unknown): void {
    this.failed += 1;
    this.lastFailure = failure;
  }

  private report(): void {
    if (this.lastFailure === undefined) return;
    this.options.log.error('the demo fleet lost heartbeats', this.lastFailure, { failed: this.failed });
    this.lastFailure = undefined;
  }
}
