import { spawnSync } from 'node:child_process';
import { unreachable } from '../../core/errors';

/** What an audit came to. */
export type Audit =
  | { readonly kind: 'clean' }
  | { readonly kind: 'vulnerable'; readonly packages: readonly string[] }
  /** The registry did not say: that is no answer, and above all not a good one. */
  | { readonly kind: 'unanswered'; readonly why: string };

interface Report {
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
  readonly message?: string;
  readonly error?: { readonly summary?: string; readonly code?: string };
}

/** Reads what `npm audit --json` wrote, whatever its exit code was: that is 1 for both of the bad outcomes. */
export function auditIn(written: string): Audit {
  const report = reportIn(written);
  if (report?.auditReportVersion === undefined) {
    const { error, message } = report ?? {};
    return {
      kind: 'unanswered',
      why: error?.summary || error?.code || message || written.trim() || 'no output',
    };
  }
  const found = Object.entries(report.vulnerabilities ?? {});
  if (found.length === 0) return { kind: 'clean' };
  return {
    kind: 'vulnerable',
    packages: found.map(([name, { severity, range }]) => `${name} ${range}: ${severity}`),
  };
}

function reportIn(written: string): Report | undefined {
  try {
    return JSON.parse(written) as Report;
  } catch {
    return undefined;
  }
}

/** @returns the exit code: 0 clean, 1 vulnerable, 2 unanswered */
export function tell(audit: Audit, say: (line: string) => void): number {
  switch (audit.kind) {
    case 'clean':
      say('npm audit: no known vulnerabilities.');
      return 0;
    case 'vulnerable':
      for (const line of audit.packages) say(`npm audit: ${line}`);
      return 1;
    case 'unanswered':
      say(
        `NOT AUDITED: the registry did not answer (${audit.why}). Run npm run audit where it does before a release.`,
      );
      return 2;
    default:
      return unreachable(audit);
  }
}

if (require.main === module) {
  const { stdout } = spawnSync('npm', ['audit', '--json'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1_024 * 1_024,
  });
  process.exitCode = tell(auditIn(stdout), console.log);
}
