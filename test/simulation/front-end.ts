import type { Chance } from './chance';
import type { Heard } from './network';
import type { SimulatedTime } from './time';
import type { Trace } from './trace';
import type { TrueSession } from './truth';

/** Who a front end is, and what it reports for. */
export interface FrontEndPlan {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly token: string;
  readonly region: string;
  /** Absent: all that the token provides. */
  readonly facilities?: readonly string[];
  /** What these, or the token, cover. */
  readonly covers: readonly string[];
  /** It goes from one of these to another, and is then in that one alone. */
  readonly rounds?: readonly [string, ...string[]];
  readonly nextSeconds: number;
}

export interface FrontEndParts {
  readonly time: SimulatedTime;
  readonly chance: Chance;
  readonly trace: Trace;
  /** Posts a beat; resolves with what the front end hears. */
  readonly post: (token: string, body: object) => Promise<Heard>;
  /** Whether its own network loses the beat on the way. */
  readonly loses: () => boolean;
  readonly truthOf: (key: TrueSession['key']) => TrueSession;
}

const retryAfterMs = 5_000;
/** Who has come to another place says so at once, as soon as the server takes it (AC5). */
const soonestMs = 2_100;

/** An app in a browser, or a device: it beats until it crashes, leaves or sleeps, and never looks at what the system thinks. */
export class FrontEnd {
  private sessions = 0;
  private seq = 0;
  private nextSeconds: number;
  /** Raised by whatever ends the present life; a beat of an earlier life is not sent any more. */
  private life = 0;
  private hasLeft = false;
  /** Where one that makes rounds is now. */
  private place: string | undefined;
  private isRoaming: boolean;

  constructor(
    readonly plan: FrontEndPlan,
    private readonly parts: FrontEndParts,
  ) {
    this.nextSeconds = plan.nextSeconds;
    this.place = plan.rounds?.[0];
    this.isRoaming = plan.rounds !== undefined;
  }

  /** What it beats for now. */
  get covers(): readonly string[] {
    return this.place === undefined ? this.plan.covers : [this.place];
  }

  /** Stays where it is from now on. */
  settleDown(): void {
    this.isRoaming = false;
  }

  /** What really happens to its present session. */
  get truth(): TrueSession {
    const { issuer, subject, region } = this.plan;
    return this.parts.truthOf({ issuer, subject, region, sessionId: this.sessionId });
  }

  private get sessionId(): string {
    return `${this.plan.name}-${this.sessions}`;
  }

  /** Opens a new session and beats. */
  begin(): void {
    this.sessions += 1;
    this.hasLeft = false;
    this.seq = 0;
    this.nextSeconds = this.plan.nextSeconds;
    this.note('begins');
    this.resume();
  }

  /** Ends without a word. */
  crash(): void {
    this.life += 1;
    this.truth.endedMs ??= this.parts.time.now();
    this.note('crashes');
  }

  /** A laptop that is closed: the same session goes on later, if at all. */
  sleep(ms: number): void {
    // Nothing is left to wake up; leaving is final (HB5).
    if (this.hasLeft) return;
    this.life += 1;
    const { truth } = this;
    truth.endedMs ??= this.parts.time.now();
    this.note('falls asleep', { ms });
    const { life } = this;
    this.parts.time.at(this.parts.time.now() + ms, () => {
      if (life !== this.life) return;
      truth.endedMs = undefined;
      truth.ownTroubleMs = this.parts.time.now();
      this.note('wakes');
      this.resume();
    });
  }

  /** Says goodbye. */
  async leave(): Promise<void> {
    this.life += 1;
    this.hasLeft = true;
    this.note('leaves');
    const { truth } = this;
    await this.send(0);
    truth.endedMs ??= this.parts.time.now();
  }

  /** A page that is loaded again: it leaves, and a new session begins soon after. */
  async reload(): Promise<void> {
    void this.leave();
    await this.parts.time.sleep(this.parts.chance.between(200, 3_000));
    this.begin();
  }

  /** A hidden page beats once a minute, and says so. */
  hide(): void {
    this.nextSeconds = 60;
    this.note('is hidden');
  }

  private resume(): void {
    this.life += 1;
    void this.live(this.life);
  }

  private async live(life: number): Promise<void> {
    const { time } = this.parts;
    while (life === this.life) {
      const sentMs = time.now();
      const heard = await this.send(this.nextSeconds);
      const taken = heard !== 'nothing' && heard.statusCode === 202;
      const pauseMs = taken ? this.pauseMs() : retryAfterMs;
      await time.sleep(
        Math.max(500, Math.min(sentMs + pauseMs, sentMs + this.nextSeconds * 1_000) - time.now()),
      );
    }
  }

  private pauseMs(): number {
    const { chance } = this.parts;
    const { rounds } = this.plan;
    const usualMs = this.nextSeconds * 1_000 - chance.between(0, 300);
    if (!this.isRoaming || rounds === undefined || chance.happens(0.5)) return usualMs;
    this.place = chance.oneOf(rounds);
    return chance.between(soonestMs, Math.min(usualMs, 8_000));
  }

  private async send(next: number): Promise<Heard> {
    const { region, token } = this.plan;
    const { truth, covers } = this;
    const facilities = this.place === undefined ? this.plan.facilities : covers;
    const { sessionId } = this;
    this.seq += 1;
    const body = {
      sessionId,
      region,
      seq: this.seq,
      next,
      ...(facilities && { facilities }),
      ...(this.parts.chance.happens(0.1) && { attributes: { mood: this.seq } }),
    };
    if (this.parts.loses()) {
      truth.ownTroubleMs = this.parts.time.now();
      await this.parts.time.sleep(this.parts.chance.between(100, 3_000));
      return 'nothing';
    }
    truth.knocks.push({ atMs: this.parts.time.now(), nextSeconds: next, covers });
    const heard = await this.parts.post(token, body);
    this.note('beats', { next, heard: heard === 'nothing' ? heard : heard.statusCode });
    return heard;
  }

  private note(what: string, fields?: object): void {
    this.parts.trace.note(this.sessionId, what, fields);
  }
}
