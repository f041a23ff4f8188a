import { type Answer, type Caller, callerOf, type GetToken } from '../call';
import { type Connectivity, type ConnectivityState, connectivities, stateAfter } from '../connectivity';
import { Emitter } from '../emitter';
import type { Environment, PageEvent } from '../environment';
import { type Reason, RollcallError } from '../errors';
import {
  type Attributes,
  answered,
  type Beat,
  goodbye,
  hurried,
  leastSeconds,
  mostSeconds,
  newSchedule,
  nextBeat,
  type Receipt,
  type Schedule,
  type Subject,
} from './schedule';
import { joinTabs, newsEveryMs, type Tabs } from './tabs';
import { userOf } from './user';

export interface HeartbeatOptions {
  /** Where heartbeats are posted: `heartbeatUrl` of `config.json`. */
  readonly url: string;
  readonly getToken: GetToken;
  readonly region: string;
  /** All that the token provides in the region, if absent. */
  readonly facilities?: readonly string[];
  /** Text, numbers and booleans, 2 KB at most, shown to those who watch the facility. */
  readonly attributes?: Attributes;
  /** Seconds between two beats, 5 to 300; 30 if absent. */
  readonly interval?: number;
  /** Who this is, so that one of a user's tabs beats for all of them. If absent it is read from the token, a JWT. */
  readonly user?: string;
}

/** What a heartbeat tells. */
export interface HeartbeatEvents {
  readonly state: ConnectivityState;
  /** A beat was taken: this tab's, or that of the tab which leads. */
  readonly beat: Receipt;
  /** Something went wrong; the state says whether it is tried again. */
  readonly error: RollcallError;
}

/** What the tab that leads tells the others. */
interface News extends Pick<ConnectivityState, 'connectivity' | 'reason'> {
  readonly attributes: Attributes | undefined;
  readonly receipt: Receipt | undefined;
}

type HeartbeatEnvironment = Omit<Environment, 'openSocket'>;

/** The heartbeat of this tab, which leads or follows another one. */
export class Heartbeat extends Emitter<HeartbeatEvents> {
  readonly #options: HeartbeatOptions;
  readonly #environment: HeartbeatEnvironment;
  readonly #subject: Subject;
  readonly #caller: Caller;
  readonly #stops: readonly (() => void)[];
  #state: ConnectivityState;
  /** Undefined while another tab beats for this one. */
  #schedule: Schedule | undefined;
  #attributes: Attributes | undefined;
  #tabs: Tabs<News, Attributes> | undefined;
  #toldAtMs = 0;
  /** Counts what has begun: whoever waited meanwhile and finds another number is too late. */
  #life = 0;

  /** @throws RollcallError for an interval that cannot be */
  constructor(options: HeartbeatOptions, environment: HeartbeatEnvironment) {
    super();
    const { region, facilities, interval = 30, attributes, getToken } = options;
    if (!(interval >= leastSeconds && interval <= mostSeconds)) {
      throw new RollcallError('configuration', 'set interval from 5 to 300');
    }
    this.#options = options;
    this.#environment = environment;
    this.#subject = { region, facilities, intervalSeconds: interval };
    this.#attributes = attributes;
    this.#caller = callerOf(environment, getToken);
    this.#state = { connectivity: 'connecting', sinceMs: environment.now(), reason: undefined };
    this.#stops = [environment.ticks(() => this.#look()), environment.onPage((event) => this.#hear(event))];
    void this.#begin();
  }

  get state(): ConnectivityState {
    return this.#state;
  }

  /** Replaces all attributes, at once. */
  setAttributes(attributes: Attributes): void {
    this.#attributes = attributes;
    if (this.#schedule) this.#hurry();
    else this.#tabs?.wish(attributes);
  }

  /** Says goodbye and ends everything. Other tabs of the same user carry on. */
  async leave(): Promise<void> {
    const said = this.#end();
    this.#become('closed');
    await said;
  }

  async #begin(): Promise<void> {
    const { url, region, facilities, getToken, user } = this.#options;
    const tabs = this.#environment.tabs();
    this.#part();
    const life = this.#life;
    this.#become('connecting');
    const who = tabs && (user ?? (await userOf(getToken)));
    if (life !== this.#life) return;
    const lead = (): void => this.#lead();
    if (!who) return lead();
    this.#tabs = joinTabs<News, Attributes>({
      ...this.#environment,
      ports: tabs,
      // Tabs that beat for the same belong together.
      name: JSON.stringify([url, who, region, facilities]),
      lead,
      deposed: () => void this.#stepDown(),
      heard: (news) => this.#follow(news),
      wished: (attributes) => (attributes ? this.setAttributes(attributes) : this.#say()),
    });
  }

  #lead(): void {
    const { now, random } = this.#environment;
    this.#schedule = newSchedule(random(), now());
    this.#look();
  }

  /** Says goodbye to the session of its own, where there is one. Only a page that goes away cannot wait for a token. */
  async #stepDown(say: Caller['part'] = this.#caller.call): Promise<void> {
    const last = this.#schedule && goodbye(this.#schedule, this.#subject);
    this.#schedule = undefined;
    if (last) await say(this.#options.url, last);
  }

  /** Lets another tab lead. */
  #part(): void {
    this.#life += 1;
    this.#say(undefined, true);
    this.#tabs?.leave();
    this.#tabs = undefined;
  }

  #end(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#part();
    return this.#stepDown();
  }

  #hear(event: PageEvent): void {
    if (event === 'awake') this.#hurry();
    else if (event === 'restored') void this.#begin();
    else {
      this.#part();
      // One that is frozen may be back before its lease is over.
      if (event === 'leaving') void this.#stepDown(this.#caller.part);
      this.#schedule = undefined;
    }
  }

  #hurry(): void {
    this.#schedule &&= hurried(this.#schedule, this.#environment.now());
    this.#look();
  }

  #look(): void {
    const nowMs = this.#environment.now();
    this.#tabs?.look();
    if (nowMs - this.#toldAtMs >= newsEveryMs) this.#say();
    if (this.#schedule === undefined) return;
    const due = nextBeat(this.#schedule, this.#subject, this.#environment, this.#attributes);
    if (due === undefined) return;
    [this.#schedule] = due;
    void this.#send(due[1]);
  }

  async #send(beat: Beat): Promise<void> {
    const answer = await this.#caller.call(this.#options.url, beat);
    if (this.#schedule?.sessionId !== beat.sessionId) return;
    const { now, random } = this.#environment;
    this.#schedule = answered(this.#schedule, this.#subject, answer, beat, random(), now());
    this.#heed(answer);
  }

  #heed(answer: Answer): void {
    if (answer.type === 'refused') {
      // Another tab may have a better token.
      this.#schedule = undefined;
      void this.#end();
    }
    this.#become(connectivities[answer.type], answer.reason);
    if (answer.type === 'done') this.tell('beat', answer.body as Receipt);
    else this.tell('error', new RollcallError(answer.reason, answer.detail));
    this.#say(answer.body as Receipt | undefined);
  }

  #follow({ connectivity, reason, attributes, receipt }: News): void {
    this.#attributes = attributes;
    this.#become(connectivity, reason);
    if (receipt) this.tell('beat', receipt);
  }

  #become(connectivity: Connectivity, reason?: Reason): void {
    const before = this.#state;
    this.#state = stateAfter(before, connectivity, reason, this.#environment.now());
    if (this.#state !== before) this.tell('state', this.#state);
  }

  #say(receipt?: Receipt, parting?: boolean): void {
    if (this.#schedule === undefined) return;
    this.#toldAtMs = this.#environment.now();
    this.#tabs?.tell({ ...this.#state, attributes: this.#attributes, receipt }, parting);
  }
}
