import { beginningMs, type SimulatedTime } from './time';

/** What went wrong in a simulation, in the words of the invariant that it breaks. */
export interface Violation {
  readonly atMs: number;
  /** `S1`, `L4`, … as in docs/SPEC.md. */
  readonly invariant: string;
  readonly what: string;
}

/** What happened, for whoever wants to know why. */
export class Trace {
  readonly lines: string[] = [];
  readonly violations: Violation[] = [];

  /** @param keeps lines are kept; without it only violations are */
  constructor(
    private readonly time: SimulatedTime,
    private readonly keeps: boolean,
  ) {}

  note(who: string, what: string, fields?: object): void {
    if (!this.keeps) return;
    const details = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
    this.lines.push(`${clockText(this.time.now())}  ${who.padEnd(18)} ${what}${details}`);
  }

  violated(invariant: string, what: string): void {
    this.violations.push({ atMs: this.time.now(), invariant, what });
    this.note('ORACLE', `${invariant} is violated: ${what}`);
  }
}

/** Minutes, seconds and milliseconds since the beginning. */
export function clockText(atMs: number): string {
  const ms = atMs - beginningMs;
  const minutes = String(Math.floor(ms / 60_000)).padStart(2, '0');
  return `${minutes}:${((ms % 60_000) / 1_000).toFixed(3).padStart(6, '0')}`;
}
