import type { Grants } from '../../core/rights';
import { type Timings, timingsFrom } from '../../core/timings';
import { Chance } from './chance';
import { Doors } from './doors';
import type { Deed } from './faults';
import { FeedOracle } from './feed-oracle';
import { FrontEnd, type FrontEndPlan } from './front-end';
import { Operator } from './operator';
import { Pipeline, Tokens } from './pipeline';
import { Stage } from './stage';
import { SimulatedTime } from './time';
import { Trace } from './trace';
import { fairWeather, type Weather } from './weather';

const hourMs = 3_600_000;
/** Short, so that operators' tokens expire while they watch. */
const operatorTokenMs = 240_000;
export const regions = ['north', 'south'] as const;

/** An operator and whoever judges what their page shows. */
export interface Watcher {
  readonly operator: Operator;
  readonly oracle: FeedOracle;
  readonly watch: Grants;
}

/** The whole system with those who use it, made by one seed. */
export class World {
  readonly time = new SimulatedTime();
  readonly weather: Weather = { ...fairWeather };
  readonly chance: Chance;
  readonly trace: Trace;
  readonly timings: Timings;
  readonly stage: Stage;
  readonly pipeline: Pipeline;
  readonly frontEnds: readonly FrontEnd[];
  readonly watchers: readonly Watcher[];
  readonly poison: string[] = [];
  private readonly tokens: Tokens;
  private readonly doors: Doors;

  private readonly deeds: Readonly<Record<Deed, () => unknown>> = {
    'split-a-shard': () => this.stage.stream.split(),
    'merge-two-shards': () => this.stage.stream.merge(),
    'put-poison': () => this.putPoison(),
    'cut-sockets': () => this.stage.sockets.cutAll(),
    'crash-a-front-end': () => (this.chance.happens(0.5) ? this.someone().crash() : this.someone().leave()),
    'let-a-front-end-sleep': () => this.someone().sleep(this.chance.between(10_000, 300_000)),
    'reload-a-front-end': () => this.someone().reload(),
    'hide-a-front-end': () => this.someone().hide(),
    'kill-heartbeat-monitor': () => this.pipeline.killHeartbeatMonitor(),
    'kill-session-monitor': () => this.pipeline.killSessionMonitor(),
    deploy: () => this.deploy(),
    'rename-a-facility': () => this.rename(),
    'forge-beats': () => this.forge(),
    'lose-a-region': () => this.stage.lose(this.chance.oneOf(regions)),
  };

  constructor(seed: number, traces: boolean) {
    this.chance = new Chance(seed);
    this.trace = new Trace(this.time, traces);
    this.timings = timingsOf(this.chance.of('timings'));
    this.stage = new Stage(this.time, this.weather, this.chance, this.trace, this.timings);
    this.tokens = new Tokens(this.time);
    this.doors = new Doors(this.stage, this.tokens, this.timings);
    this.pipeline = new Pipeline(this.stage, this.timings);
    this.frontEnds = this.plans().map((plan) => this.frontEndOf(plan));
    this.watchers = this.watches().map(([name, watch]) => this.watcherOf(name, new Map(watch)));
  }

  start(): void {
    this.pipeline.start();
    const chance = this.chance.of('arrivals');
    for (const frontEnd of this.frontEnds) {
      this.time.at(this.time.now() + chance.between(0, 60_000), () => frontEnd.begin());
    }
    for (const { operator } of this.watchers) operator.start();
    void this.keepSweeping();
  }

  /** Does what a fault does once. */
  do(deed: Deed): void {
    this.trace.note('FAULT', deed);
    this.deeds[deed]();
  }

  /** Nobody moves any more: what is told by the end can then be held against where everybody is. */
  settleDown(): void {
    for (const frontEnd of this.frontEnds) frontEnd.settleDown();
  }

  /** Everybody whose front end ended comes back, so that there is something to be told after all faults. */
  joinAnew(): void {
    for (const frontEnd of this.frontEnds.filter(() => this.chance.happens(0.3))) {
      if (frontEnd.truth.endedMs !== undefined) frontEnd.begin();
    }
  }

  private someone(): FrontEnd {
    return this.chance.oneOf(this.frontEnds as [FrontEnd, ...FrontEnd[]]);
  }

  private plans(): readonly Omit<FrontEndPlan, 'token' | 'issuer'>[] {
    const { chance } = this;
    const inNorth = (name: string, facility: string, nextSeconds: number, subject = name) => ({
      name,
      subject,
      region: 'north',
      facilities: [facility],
      covers: [facility],
      nextSeconds,
    });
    return [
      inNorth('ana', 'clinic-1', chance.oneOf([5, 10, 30])),
      inNorth('ana-tablet', 'clinic-1', 30, 'ana'),
      inNorth('ben', 'clinic-2', 10),
      inNorth('cleo', 'clinic-3', chance.oneOf([5, 30])),
      inNorth('cleo-tab', 'clinic-3', 10, 'cleo'),
      inNorth('dan', 'lab/1', 30),
      inNorth('eve', '__proto__', 10),
      { name: 'labs', subject: 'labs', region: 'north', covers: ['lab/*'], nextSeconds: 10 },
      { name: 'sue', subject: 'sue', region: 'south', facilities: ['s-1'], covers: ['s-1'], nextSeconds: 30 },
      {
        name: 'tom',
        subject: 'tom',
        region: 'south',
        facilities: ['s-2', 's-3'],
        covers: ['s-2', 's-3'],
        nextSeconds: 5,
      },
      {
        name: 'nurse',
        subject: 'nurse',
        region: 'south',
        facilities: ['ward-1'],
        covers: ['ward-1', 'ward-2', 's-1'],
        rounds: ['ward-1', 'ward-2', 's-1'],
        nextSeconds: chance.oneOf([10, 30]),
      },
    ];
  }

  private frontEndOf(plan: Omit<FrontEndPlan, 'token' | 'issuer'>): FrontEnd {
    const provide = new Map([[plan.region, plan.covers]]);
    const token = this.tokens.issue(plan.subject, { provide }, 10 * hourMs);
    const chance = this.chance.of(plan.name);
    return new FrontEnd(
      { ...plan, token, issuer: 'https://issuer.example' },
      {
        time: this.time,
        chance,
        trace: this.trace,
        post: (given, body) => this.doors.postBeat(given, body),
        loses: () => chance.happens(this.weather.beatsLost),
        truthOf: (key) => this.stage.truth.session(key),
      },
    );
  }

  private watches(): readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[] {
    return [
      [
        'olga',
        [
          ['north', ['*']],
          ['south', ['*']],
        ],
      ],
      ['luis', [['north', ['lab/*', 'clinic-1']]]],
      ['nils', [['north', ['*']]]],
    ];
  }

  private watcherOf(name: string, watch: Grants): Watcher {
    const { time, trace, doors, tokens } = this;
    const oracle = new FeedOracle(name, watch, this.stage.told, time, trace);
    const operator = new Operator(name, {
      time,
      trace,
      chance: this.chance.of(name),
      regions: watch.keys(),
      ask: (token, route, region) =>
        doors.ask(token, route, region === undefined ? {} : { pathParameters: { region } }),
      newToken: () => tokens.issue(name, { watch }, operatorTokenMs),
      connect: (ticket, end) => doors.connect(ticket, end),
      send: (connectionId, message) => doors.send(connectionId, message),
      cut: (connectionId) => this.stage.sockets.cut(connectionId),
      shown: (region, shown) => oracle.shown(region, shown),
      heard: (message) => oracle.heard(message),
    });
    return { operator, oracle, watch };
  }

  private putPoison(): void {
    const text = this.chance.oneOf([
      '{',
      '[]',
      '{"__proto__":{"v":1}}',
      '{"canary":"bird"}',
      '{"v":2}',
      'null',
      '\u0000',
    ]);
    this.poison.push(text);
    this.stage.stream.putRaw(text);
  }

  /** New copies take over while nothing runs for a moment. */
  private async deploy(): Promise<void> {
    this.weather.mapping = 'stopped';
    this.weather.schedule = 'missed';
    this.pipeline.killHeartbeatMonitor();
    this.pipeline.killSessionMonitor();
    await this.time.sleep(this.chance.between(5_000, 70_000));
    this.weather.mapping = 'running';
    this.weather.schedule = 'on-time';
  }

  private async rename(): Promise<void> {
    const manage = new Map([['north', ['*']]]);
    const token = this.tokens.issue('registrar', { manage, watch: manage }, hourMs);
    const id = this.chance.oneOf(['clinic-1', 'clinic-2', 'lab/1']);
    await this.doors.ask(token, 'PUT /v1/regions/{region}/facility', {
      pathParameters: { region: 'north' },
      queryStringParameters: { id },
      body: JSON.stringify({ name: `${id} ${this.chance.between(0, 99)}` }),
    });
  }

  /** Somebody who provides one facility beats for others', and for other people's sessions. */
  private async forge(): Promise<void> {
    const token = this.tokens.issue('mallory', { provide: new Map([['north', ['lab/9']]]) }, hourMs);
    for (const facility of ['clinic-1', 'clinic-9', 'lab/1']) {
      await this.doors.postBeat(token, {
        sessionId: 'ana-1',
        region: 'north',
        facilities: [facility],
        next: 30,
      });
    }
    await this.doors.postBeat(token, { sessionId: 'ana-1', region: 'north', facilities: ['lab/9'], next: 0 });
  }

  private async keepSweeping(): Promise<void> {
    for (;;) {
      await this.time.sleep(30_000);
      await this.stage.sessions.sweep();
    }
  }
}

/** The defaults as well as whatever else the rules allow, within what a simulation has time for. */
function timingsOf(chance: Chance): Timings {
  if (chance.happens(0.3)) return timingsFrom();
  const tickSeconds = chance.oneOf([3, 5, 8]);
  const maxRecordAgeSeconds = chance.oneOf([60, 120, 600]);
  return timingsFrom({
    tickSeconds,
    allowance: chance.oneOf([2, 3]),
    renewBeats: chance.oneOf([0, 1, 2]),
    leaveGraceSeconds: chance.oneOf([2, 10]),
    maxRecordAgeSeconds,
    ttlBehindLeaseSeconds: maxRecordAgeSeconds + chance.oneOf([60, 3_000]),
  });
}
