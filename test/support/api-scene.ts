import type { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { hashOf } from '../../core/attributes';
import { defaultTimings } from '../../core/timings';
import { freshnessReader } from '../../lambdas/freshness';
import { aSession, at, type SessionWords } from './builders';
import type { KnownTokens } from './http';
import { aSessionMonitor, type TestClock } from './session-monitor-scene';

/** A session as a test tells of it, with an attribute `mood` if it has one. */
export type MoodyWords = SessionWords & { readonly mood?: string };

/** A monitor that has settled these sessions at ten. */
export async function aSettledMonitor(...sessions: readonly MoodyWords[]) {
  const monitor = aSessionMonitor();
  for (const { mood, ...words } of sessions) {
    const set = mood === undefined ? undefined : new Map([['mood', mood]]);
    const attributes = set && { attributes: { hash: hashOf(set), atMs: at('09:59') } };
    const session = aSession({ revision: 0, since: at('09:58'), until: at('12:00'), ...words });
    await monitor.sessions.save({ ...session, ...attributes }, set);
    await monitor.ledger.raiseMark(words.region ?? 'north');
  }
  await monitor.tick();
  return monitor;
}

/** What an API needs to answer from `ledger`, beside the monitor that works on it. */
export const apiPortsOver = <Monitor extends ReturnType<typeof aSessionMonitor<TestClock>>>(
  monitor: Monitor,
  verifier: KnownTokens,
  ledger: MemoryRegionLedger = monitor.ledger,
) => ({
  ...monitor,
  regions: ledger,
  history: ledger,
  marks: ledger,
  freshness: freshnessReader(monitor.watermarks, monitor.clock, defaultTimings),
  verifier,
  newSecret: () => 'Zb4m8Xc1',
  timings: defaultTimings,
});
