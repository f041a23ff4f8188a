import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PageConfig } from '../../web/wire';
import { Machine, type Sample } from './machine';
import { Operator, type OperatorTally } from './operator';
import { type DisturbanceKind, type Planned, planSoak } from './plan';
import { SteadyFrontEnds, steadyRegion } from './steady-front-ends';
import { disagreements, recordOf, regionsOf, unsteadiness } from './verdict';

/** How a soak was asked for. */
export interface SoakWords {
  readonly minutes: number;
  /** Facilities of the demo fleet. */
  readonly fleet: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface SoakReport {
  readonly faults: readonly string[];
  readonly disturbances: Readonly<Partial<Record<DisturbanceKind, number>>>;
  readonly lives: number;
  readonly beats: { readonly taken: number; readonly failed: number };
  readonly operators: Readonly<Record<string, OperatorTally>>;
  /** From the end of the last disturbance until every page showed what the server had. */
  readonly agreedAfterMs: number;
  readonly entries: number;
  readonly transitions: number;
  readonly lastLife: readonly Sample[];
}

const steadyCount = 25;
/** Two who see everything, one who sees a part of each region, and one who only watches those who never stop. */
const watchers: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ada: { '*': ['*'] },
  bea: { '*': ['*'] },
  cid: { '*': ['lab/*'] },
  dan: { [steadyRegion]: ['*'] },
};
const hours = 12 * 3_600;

/** Breaks a running Rollcall again and again while operators watch it, and looks whether all are right in the end. */
export async function soak(words: SoakWords): Promise<SoakReport> {
  const data = mkdtempSync(join(tmpdir(), 'rollcall-soak-'));
  const machine = await Machine.boot(data, words.fleet);
  try {
    return await new Soak(words, machine).run();
  } finally {
    await machine.close();
    rmSync(data, { recursive: true, force: true });
  }
}

class Soak {
  private readonly faults: string[] = [];
  private readonly disturbances: Partial<Record<DisturbanceKind, number>> = {};

  constructor(
    private readonly words: SoakWords,
    private readonly machine: Machine,
  ) {}

  async run(): Promise<SoakReport> {
    const { rollcall } = this.machine;
    const { body: config } = await rollcall.get<PageConfig & { heartbeatUrl: string }>('/config.json');
    const token = await rollcall.token({ provide: { [steadyRegion]: ['*'] } }, 'steady', hours);
    const steady = new SteadyFrontEnds(config.heartbeatUrl, token, steadyCount);
    const operators: Operator[] = [];
    for (const [name, watch] of Object.entries(watchers)) {
      operators.push(new Operator(name, config, await rollcall.token({ watch }, name, hours)));
    }
    try {
      await this.break(operators);
      return await this.report(operators, steady);
    } finally {
      for (const operator of operators) await operator.stop();
      await steady.stop();
    }
  }

  private async break(operators: readonly Operator[]): Promise<void> {
    const startMs = performance.now();
    const plan = planSoak(this.words.minutes, this.words.seed);
    for (const planned of plan) {
      await sleep(Math.max(0, startMs + planned.atMs - performance.now()));
      this.note(planned);
      await this.machine.disturb(planned, () => {
        for (const operator of operators) operator.cut();
      });
    }
    await sleep(Math.max(0, startMs + this.words.minutes * 60_000 - performance.now()));
  }

  private note({ atMs, ...disturbance }: Planned): void {
    this.disturbances[disturbance.kind] = (this.disturbances[disturbance.kind] ?? 0) + 1;
    const { kind, ...details } = disturbance;
    this.words.say(`${(atMs / 1_000).toFixed(0).padStart(5)} s  ${kind} ${JSON.stringify(details)}`);
  }

  /** Nothing is broken any more: now all must become right, while the fleet goes on. */
  private async report(operators: readonly Operator[], steady: SteadyFrontEnds): Promise<SoakReport> {
    const { rollcall } = this.machine;
    const healedMs = performance.now();
    const seesAll = await rollcall.token({ watch: { '*': ['*'] } }, 'judge', hours);
    const disagreeing: string[] = [];
    for (const operator of operators) {
      disagreeing.push(...(await disagreements([operator], await regionsOf(rollcall, operator.token))));
    }
    const agreedAfterMs = Math.round(performance.now() - healedMs);
    const { entries, transitions, faults } = await recordOf(
      rollcall,
      seesAll,
      await regionsOf(rollcall, seesAll),
    );
    this.faults.push(...disagreeing, ...faults, ...unsteadiness(this.machine.lastLife));
    const { lives, lastLife } = this.machine;
    return {
      faults: this.faults,
      disturbances: this.disturbances,
      lives,
      beats: { taken: steady.taken, failed: steady.failed },
      operators: Object.fromEntries(operators.map(({ name, tally }) => [name, tally])),
      agreedAfterMs,
      entries,
      transitions,
      lastLife,
    };
  }
}
