/** What AWS bills of Rollcall, each in the unit of the bill. */
export const units = [
  'dynamoWriteUnits',
  'dynamoReadUnits',
  'kinesisPutUnits',
  'kinesisShardHours',
  'kinesisOnDemandBytes',
  'kinesisOnDemandReadBytes',
  'lambdaRequests',
  'lambdaGbSeconds',
  'webSocketMessages',
  'webSocketMinutes',
  'httpApiRequests',
  'busEvents',
  'schedulerInvocations',
  's3Puts',
  's3Gets',
  'cloudFrontRequests',
  'secretCalls',
  'logBytes',
  'egressBytes',
] as const;
export type Unit = (typeof units)[number];

/** One line of a reading: so much of a unit for one purpose, in so many calls. */
export interface Line {
  readonly unit: Unit;
  /** What it was for: `Sessions renewed`, `heartbeat-endpoint`. */
  readonly what: string;
  readonly amount: number;
  readonly calls: number;
}

type Counted = { -readonly [K in keyof Line]: Line[K] };

/** Counts what AWS would bill. Nothing is rounded here: whoever counts has rounded as AWS does. */
export class Meter {
  /** By unit, then by purpose: millions of calls are counted. */
  private readonly lines = new Map<Unit, Map<string, Counted>>();

  /** @param calls how many calls this was, for averages */
  count(unit: Unit, what: string, amount: number, calls = 1): void {
    const line = this.lineOf(unit, what);
    line.amount += amount;
    line.calls += calls;
  }

  /** What was counted so far. */
  read(): Reading {
    return new Reading(
      [...this.lines.values()].flatMap((lines) => [...lines.values()].map((line) => ({ ...line }))),
    );
  }

  /** Begins anew. */
  reset(): void {
    this.lines.clear();
  }

  private lineOf(unit: Unit, what: string): Counted {
    const known = this.lines.get(unit);
    const lines = known ?? new Map<string, Counted>();
    if (known === undefined) this.lines.set(unit, lines);
    const found = lines.get(what);
    if (found !== undefined) return found;
    const fresh = { unit, what, amount: 0, calls: 0 };
    lines.set(what, fresh);
    return fresh;
  }
}

/** What was counted until an instant, or between two. */
export class Reading {
  constructor(readonly lines: readonly Line[]) {}

  /** Of one unit, for one purpose or for all. */
  total(unit: Unit, what?: string): number {
    return this.of(unit)
      .filter((line) => what === undefined || line.what === what)
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  /** The lines of a unit, the largest first. */
  of(unit: Unit): readonly Line[] {
    return this.lines.filter((line) => line.unit === unit).sort((a, b) => b.amount - a.amount);
  }

  /** What was counted after an earlier reading of the same meter. */
  since(earlier: Reading): Reading {
    const before = new Map(earlier.lines.map((line) => [`${line.unit} ${line.what}`, line]));
    return new Reading(
      this.lines.map((line) => {
        const known = before.get(`${line.unit} ${line.what}`);
        return known === undefined
          ? line
          : { ...line, amount: line.amount - known.amount, calls: line.calls - known.calls };
      }),
    );
  }

  /** The same in a longer or shorter time. */
  times(factor: number): Reading {
    return new Reading(
      this.lines.map((line) => ({ ...line, amount: line.amount * factor, calls: line.calls * factor })),
    );
  }

  plus(other: Reading): Reading {
    const sum = new Meter();
    for (const { unit, what, amount, calls } of [...this.lines, ...other.lines])
      sum.count(unit, what, amount, calls);
    return sum.read();
  }
}
