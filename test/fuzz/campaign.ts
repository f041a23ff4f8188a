import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gauge, gauge } from '../support/gauge';
import { LocalIssuer } from '../support/local-issuer';
import { LocalServices } from '../support/local-services';
import { Rollcall } from '../support/rollcall';
import { patience, until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';
import { Dice } from './dice';
import { attackFeed } from './feed-attacks';
import { Holdings } from './holdings';
import { faultsIn } from './judge';
import { rawFaults, rawRequests } from './raw-requests';
import { Sender } from './sender';
import { type Shot, shown } from './shot';
import { describedShot, harmlessShot } from './shots';

/** How a campaign was asked for. */
export interface CampaignWords {
  readonly requests: number;
  readonly seed: number;
  /** Hears of each round. */
  readonly say?: (line: string) => void;
}

/** What came of it. */
export interface CampaignReport {
  /** What went wrong, each with the number of its request. */
  readonly faults: readonly string[];
  readonly requests: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** What was held after each round, as soon as nothing went on. */
  readonly gauges: readonly Gauge[];
}

const roundRequests = 1_500;
const harmlessShare = 0.65;
const atOnce = 4;
const mostFaults = 40;
const socketsEndMs = 8_000;
const rawTimeoutMs = 400;
const slack = { share: 0.15, memoryMb: 60, handles: 30 } as const;
/** What the log says of a fault of ours; a run of session-monitor that is stopped on purpose is none. */
const complaints =
  /request failed|Invoke Error|could not be (served|polled|listed)|a handshake failed|Uncaught|level: 'ERROR'/;

/** Starts a Rollcall, sends it all that a stranger may, and looks what became of it. */
export async function campaign(words: CampaignWords): Promise<CampaignReport> {
  const data = mkdtempSync(join(tmpdir(), 'rollcall-fuzz-'));
  const rollcall = await Rollcall.start({ data, verbose: true });
  try {
    return await new Campaign(
      words,
      rollcall,
      data,
      await LocalServices.of(rollcall),
      await LocalIssuer.of(rollcall, data),
    ).run();
  } finally {
    await rollcall.close();
    rmSync(data, { recursive: true, force: true });
  }
}

class Campaign {
  private readonly faults: string[] = [];
  private readonly gauges: Gauge[] = [];
  private readonly statuses: Record<number, number> = {};
  private sent = 0;
  private said = 0;

  constructor(
    private readonly words: CampaignWords,
    private readonly rollcall: Rollcall,
    private readonly data: string,
    private readonly services: LocalServices,
    private readonly issuer: LocalIssuer,
  ) {}

  async run(): Promise<CampaignReport> {
    const region = await WatchedRegion.of(this.rollcall, 'fuzz');
    await region.beat({
      sessionId: 's1',
      facilities: ['lab/1', 'clinic-1'],
      next: 300,
      attributes: { mood: 'happy' },
    });
    await region.feed.change('clinic-1', { status: 'online' }, patience);
    region.feed.close();
    const before = this.rollcall.processes.map(({ pid }) => pid);
    await this.shootAll();
    await this.expectHealth(before);
    this.expectSteady();
    this.services.close();
    const { faults, sent: requests, statuses, gauges } = this;
    return { faults, requests, statuses, gauges };
  }

  /** Whatever keeps it from going on is a fault like the others, which are told none the less. */
  private async shootAll(): Promise<void> {
    try {
      for (const until of [this.words.requests / 2, this.words.requests]) {
        while (this.sent < until && !this.givenUp) await this.round(until);
      }
    } catch (error) {
      this.faults.push(`it broke off at request ${this.sent}: ${String(error).slice(0, 500)}`);
    }
  }

  private get givenUp(): boolean {
    return this.faults.length >= mostFaults;
  }

  /** Some requests that may change something, and then some that must not, while nothing else does. */
  private async round(until: number): Promise<void> {
    const count = Math.min(roundRequests, Math.ceil(until - this.sent));
    const harmless = Math.ceil(count * harmlessShare);
    await this.shoot(count - harmless, describedShot);
    await this.whileQuiet(async (expectUnchanged) => {
      await this.shoot(harmless, harmlessShot);
      await this.shootRaw();
      await expectUnchanged();
      const dice = Dice.of(this.words.seed, -this.sent);
      this.faults.push(...(await attackFeed({ rollcall: this.rollcall, issuer: this.issuer, dice })));
      await expectUnchanged(socketsEndMs);
      this.gauges.push(gauge(this.rollcall.processes));
    });
    for (const fault of this.faults.slice(this.said)) this.words.say?.(fault);
    this.said = this.faults.length;
    this.words.say?.(
      `${this.sent} requests, ${this.faults.length} faults, ${JSON.stringify(this.gauges.at(-1))}`,
    );
  }

  /**
   * What writes by itself stands still, and the stream keeps what comes: what is written meanwhile, `work` has caused. It
   * may take some milliseconds to be undone, as the rows of a socket that was cut off are.
   */
  private async whileQuiet(
    work: (expectUnchanged: (ms?: number) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    await this.rollcall.post('/dev/faults', { sessionMonitor: 'stopped', heartbeatMonitor: 'stopped' });
    const before = await Holdings.whenQuiet(this.services, this.data);
    await work(async (ms = 0) => {
      const written = await before.writtenUntil(ms, this.services, this.data);
      this.faults.push(...written.map((what) => `something was written up to request ${this.sent}: ${what}`));
    });
    await this.rollcall.post('/dev/faults', { sessionMonitor: 'running', heartbeatMonitor: 'running' });
  }

  private async shoot(count: number, make: typeof harmlessShot): Promise<void> {
    const sender = new Sender(this.rollcall.port);
    const last = this.sent + count;
    const shootOn = async (): Promise<void> => {
      while (this.sent < last && !this.givenUp) await this.shootOne(sender, make);
    };
    await Promise.all(Array.from({ length: atOnce }, shootOn));
    sender.close();
  }

  private async shootOne(sender: Sender, make: typeof harmlessShot): Promise<void> {
    const number = this.sent;
    this.sent += 1;
    const shot = await make({ issuer: this.issuer, dice: Dice.of(this.words.seed, number) });
    const faults = await this.faultsOf(shot, sender);
    this.faults.push(...faults.map((fault) => `request ${number}, ${shown(shot)}\n    ${fault}`));
  }

  private async faultsOf(shot: Shot, sender: Sender): Promise<readonly string[]> {
    try {
      const answer = await sender.send(shot);
      this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
      return faultsIn(shot, answer);
    } catch (error) {
      return [`no answer: ${error}`];
    }
  }

  private async shootRaw(): Promise<void> {
    const sender = new Sender(this.rollcall.port);
    const all = Object.entries(rawRequests).map(async ([what, bytes]) => {
      const heard = await sender.sendBytes(bytes, rawTimeoutMs);
      this.faults.push(...rawFaults(heard).map((fault) => `${what}: ${fault}`));
    });
    await Promise.all(all);
    sender.close();
  }

  /** Whoever has been attacked does its work as before: beats become online, as-of moves on, no record is stuck. */
  private async expectHealth(before: readonly number[]): Promise<void> {
    const region = await WatchedRegion.of(this.rollcall, 'health');
    try {
      await region.join('still-well');
      const nowMs = Date.now();
      await until(patience, 'as-of to move on', async () =>
        Date.parse((await region.feed.ping()).regions[0]?.asOf ?? '') > nowMs ? true : undefined,
      );
    } catch (error) {
      this.faults.push(`it is not well afterwards: ${String(error).slice(0, 300)}`);
    } finally {
      region.feed.close();
    }
    const now = this.rollcall.processes.map(({ pid }) => pid);
    if (before.some((pid) => !now.includes(pid))) this.faults.push('a process has ended');
    const said = this.rollcall.printed.split('\n').filter((line) => complaints.test(line));
    this.faults.push(
      ...[...new Set(said)].slice(0, 10).map((line) => `it complained: ${line.slice(0, 500)}`),
    );
  }

  /** Heaps breathe, and connections between the parts are kept: what leaks goes on growing in the second half. */
  private expectSteady(): void {
    const middle = this.gauges[Math.ceil(this.gauges.length / 2) - 1];
    const end = this.gauges.at(-1);
    if (middle === undefined || end === undefined) return;
    if (end.memoryMb > middle.memoryMb * (1 + slack.share) + slack.memoryMb) {
      this.faults.push(`memory grew from ${middle.memoryMb} to ${end.memoryMb} MB`);
    }
    if (end.handles > middle.handles * (1 + slack.share) + slack.handles) {
      this.faults.push(`open handles grew from ${middle.handles} to ${end.handles}`);
    }
  }
}
