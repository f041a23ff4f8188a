import { execFileSync } from 'node:child_process';
import type { FaultName } from './faults';
import { type Outcome, simulate } from './simulation';
import { clockText } from './trace';

const lastLines = 40;

/** Leaves out whatever faults a failure does not need. */
export async function shrunk(failed: Outcome): Promise<Outcome> {
  let smallest = failed;
  for (const fault of failed.faults) {
    const fewer: readonly FaultName[] = smallest.faults.filter((name) => name !== fault);
    const outcome = await simulate(failed.seed, { faults: fewer });
    if (outcome.violations.length > 0) smallest = outcome;
  }
  return await simulate(smallest.seed, { faults: smallest.faults, traces: true });
}

/** All that somebody needs to see a failure again: seed, commit, faults, and the end of the story. */
export function story({ seed, faults, violations, trace }: Outcome): string {
  const again = `npm run simulate -- --seed ${seed} --faults ${faults.join(',') || 'none'} --trace`;
  const weather = trace.filter((line) => line.includes('FAULT'));
  return [
    `Seed ${seed} fails on commit ${commit()}:`,
    ...violations.map(({ atMs, invariant, what }) => `  ${clockText(atMs)}  ${invariant}  ${what}`),
    'What was wrong until then:',
    ...weather,
    'What happened last:',
    ...trace.slice(-lastLines),
    `Again: ${again}`,
  ].join('\n');
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
