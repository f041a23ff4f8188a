import { runTick } from '../../lambdas/session-monitor/monitor';
import { sessionOf, sessionsPerFacility, uuidOf } from '../front-ends';
import { cpuUsOf, spreadOf } from '../measure';
import { aMonitorStand, type MonitorStand } from '../monitor-stand';
import type { Figure, Scenario } from '../scenario';

const regions = 1_000;
const sessionsPerRegion = 100;
const rounds = 9;
const warmUp = 4;

export const manyRegions: Scenario = {
  title: 'session-monitor, ticks over 1,000 regions',
  about: `The real handler on stores in memory: ${regions.toLocaleString('en-US')} regions of ${sessionsPerRegion} sessions, ${sessionsPerFacility} to a facility.`,
  async run() {
    const stand = aMonitorStand();
    for (let region = 0; region < regions; region += 1) await fill(stand, region);
    const firstUs = await cpuUsOf(() => tickOf(stand));
    return [
      { what: 'the first tick: all facilities come online', value: firstUs / 1_000, unit: 'ms' },
      await ticks('a tick that finds nothing due', stand, 0),
      await ticks('a tick with one session more in each of 50 regions', stand, 50),
      await ticks('a tick with one session more in each region', stand, regions),
    ];
  },
};

const nameOf = (region: number): string => `region-${region}`;

async function fill({ sessions, ledger }: MonitorStand, region: number): Promise<void> {
  for (let index = 0; index < sessionsPerRegion; index += 1) {
    await sessions.save(sessionOf(index, { region: nameOf(region), leaseUntilMs: Number.MAX_SAFE_INTEGER }));
  }
  await ledger.raiseMark(nameOf(region));
}

let joined = 0;

async function ticks(what: string, stand: MonitorStand, busy: number): Promise<Figure> {
  const us: number[] = [];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    stand.pass(5_000);
    for (let region = 0; region < busy; region += 1) await oneMore(stand, region);
    const spent = await cpuUsOf(() => tickOf(stand));
    if (round >= warmUp) us.push(spent / 1_000);
  }
  const { median, least, most } = spreadOf(us);
  return { what, value: median, unit: 'ms', least, most };
}

async function oneMore({ sessions, ledger }: MonitorStand, region: number): Promise<void> {
  joined += 1;
  const words = { region: nameOf(region), leaseUntilMs: Number.MAX_SAFE_INTEGER };
  await sessions.save(
    sessionOf(0, { ...words, subject: uuidOf('d', joined), sessionId: uuidOf('e', joined) }),
  );
  await ledger.raiseMark(nameOf(region));
}

const tickOf = ({ ports, timings }: MonitorStand): Promise<unknown> => runTick(ports, timings);
