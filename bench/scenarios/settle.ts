import type { Session } from '../../core/session';
import { runTick } from '../../lambdas/session-monitor/monitor';
import { sessionOf, sessionsPerFacility, uuidOf } from '../front-ends';
import { cpuUsOf, spreadOf } from '../measure';
import { aMonitorStand, type MonitorStand } from '../monitor-stand';
import type { Figure, Scenario } from '../scenario';

const sizes = [1_000, 10_000, 100_000] as const;
const largest = 100_000;
const rounds = 9;
/** Small ones need more of them until the code is as fast as it gets. */
const warmUpFor = (size: number): number => Math.max(4, 200_000 / size);

export const settle: Scenario = {
  title: 'session-monitor, one settle of one region',
  about: `A whole tick of the real handler on stores in memory, ${sessionsPerFacility} sessions to a facility. Quiet: one session joined since the last settle, everybody else renewed. What DynamoDB takes to read the rows, and the SDK to turn them into objects, is not in it.`,
  async run() {
    const figures: Figure[] = [];
    const perSession: number[] = [];
    for (const size of sizes) {
      const stand = aMonitorStand();
      await join(stand, size);
      const firstUs = await cpuUsOf(() => tickOf(stand));
      const quietUs = spreadOf(await quietTicks(stand, size));
      perSession.push(quietUs.median / size);
      figures.push(first(size, firstUs), {
        what: `quiet, ${size.toLocaleString('en-US')} sessions`,
        value: quietUs.median / 1_000,
        unit: 'ms',
        least: quietUs.least / 1_000,
        most: quietUs.most / 1_000,
        ...(size === largest && { atMost: 1_000 }),
      });
    }
    const [small = 0] = perSession;
    return [
      ...figures,
      { what: 'quiet, per session among 1,000', value: small, unit: 'µs' },
      {
        what: 'the same among 100,000, as a multiple of that',
        value: (perSession.at(-1) ?? 0) / small,
        unit: '×',
        atMost: 1.5,
      },
    ];
  },
};

/** As Lambda sets up Node.js for a function with 512 MB. */
const heapMb = 400;

export const settleMemory: Scenario = {
  title: 'session-monitor, memory of a settle of 100,000 sessions',
  about: `The same with 100,000 sessions alone, the heap bound to ${heapMb} MB; the stores in memory, which the deployed function does not have, are in it.`,
  heapMb,
  async run() {
    const stand = aMonitorStand();
    await join(stand, largest);
    const heldMb = process.resourceUsage().maxRSS / 1_024;
    await tickOf(stand);
    await quietTicks(stand, largest);
    return [
      { what: 'before the first settle: the stores and Node.js itself', value: heldMb, unit: 'MB' },
      {
        what: 'largest memory of the process (RSS)',
        value: process.resourceUsage().maxRSS / 1_024,
        unit: 'MB',
        atMost: 512,
      },
    ];
  },
};

const first = (size: number, us: number): Figure => ({
  what: `the first, ${size.toLocaleString('en-US')} sessions: all facilities come online`,
  value: us / 1_000,
  unit: 'ms',
});

async function join(
  { sessions, ledger }: Pick<MonitorStand, 'sessions' | 'ledger'>,
  size: number,
): Promise<void> {
  for (let index = 0; index < size; index += 1) await sessions.save(sessionOf(index));
  await ledger.raiseMark('north');
}

/** Processor time of ticks in each of which one more session is there, and all others were renewed. */
async function quietTicks(stand: MonitorStand, size: number): Promise<readonly number[]> {
  const us: number[] = [];
  const warmUp = warmUpFor(size);
  for (let round = 0; round < warmUp + rounds; round += 1) {
    await renew(stand, size);
    await stand.sessions.save(oneMore(round, stand.clock.now()));
    await stand.ledger.raiseMark('north');
    const spent = await cpuUsOf(() => tickOf(stand));
    if (round >= warmUp) us.push(spent);
  }
  return us;
}

async function renew({ sessions, clock, pass }: MonitorStand, size: number): Promise<void> {
  pass(60_000);
  const stored = await sessions.list('north');
  for (const session of stored.slice(0, size)) await sessions.save(renewed(session, clock.now()));
}

const renewed = (session: Session, nowMs: number): Session => ({
  ...session,
  lastBeatAtMs: nowMs,
  leaseUntilMs: nowMs + 135_000,
});

const oneMore = (round: number, nowMs: number): Session =>
  renewed(sessionOf(round, { subject: uuidOf('d', round), sessionId: uuidOf('e', round) }), nowMs);

const tickOf = ({ ports, timings }: MonitorStand): Promise<unknown> => runTick(ports, timings);
