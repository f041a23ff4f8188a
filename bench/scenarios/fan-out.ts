import { ApiGatewayFeed } from '../../adapters/aws/feed-gateway';
import type { Facility } from '../../core/facility';
import type { Entry } from '../../core/region';
import type { Grants } from '../../core/rights';
import { pushEntries } from '../../lambdas/session-monitor/push';
import { costFigures } from '../figures';
import { beginningMs, issuer, uuidOf } from '../front-ends';
import { costOf } from '../measure';
import { aMonitorStand, type MonitorStand } from '../monitor-stand';
import { quietLog } from '../quiet-log';
import type { Scenario } from '../scenario';

const sockets = 10_000;
const facilitiesOfRegion = 1_000;
const changesOfEntry = 49;
/** Departments, each of which may watch a part of the region. */
const departments = 20;

export const fanOut: Scenario = {
  title: `session-monitor, an entry of ${changesOfEntry} changes to ${sockets.toLocaleString('en-US')} sockets`,
  about:
    'The real push on connections in memory and the real adapter of API Gateway on an SDK client that takes everything at once: up to the bytes of each message, nothing of their way.',
  async run() {
    const whole = await standWith(() => new Map([['*', ['*']]]));
    const limited = await standWith((index) => new Map([['north', [`dept-${index % departments}/*`]]]));
    return [
      ...costFigures('a socket that may watch the whole region', await push(whole)),
      ...costFigures(`a socket that may watch one of ${departments} departments`, await push(limited)),
    ];
  },
};

async function push({ ports }: MonitorStand) {
  return await costOf({
    items: sockets,
    rounds: 7,
    warmUp: 3,
    work: (round) => pushEntries('north', [entryOf(round)], ports),
  });
}

async function standWith(watch: (index: number) => Grants): Promise<MonitorStand> {
  const client = { send: async () => ({}) };
  const stand = aMonitorStand(new ApiGatewayFeed(client as never, quietLog));
  for (let index = 0; index < sockets; index += 1) {
    const connection = {
      connectionId: `socket-${index}`,
      issuer,
      subject: uuidOf('f', index),
      watch: watch(index),
      expiresAtMs: beginningMs + 3_600_000,
      topics: [],
    };
    await stand.connections.open(connection);
    await stand.connections.subscribe(connection, { region: 'north' });
  }
  await register(stand);
  return stand;
}

/** The region's facilities, of which a limited watcher's totals are taken. */
async function register({ ledger }: MonitorStand): Promise<void> {
  const changes = Array.from({ length: facilitiesOfRegion }, (_, index) => ({
    facility: facilityOf(index, 1),
    transition: true,
  }));
  const entry = { ...entryOf(0), seq: 1, changes };
  const { region, epoch, seq, totals, digest } = entry;
  const standing = { coveredMark: 0, settledAtMs: beginningMs, asOfMs: beginningMs, revision: 1 };
  await ledger.commit({ head: { region, epoch, seq, totals, digest, toldState: 'up', ...standing }, entry });
}

function entryOf(round: number): Entry {
  const seq = round + 2;
  return {
    region: 'north',
    epoch: 'e1',
    seq,
    asOfMs: beginningMs,
    decidedAtMs: beginningMs,
    delayed: false,
    changes: Array.from({ length: changesOfEntry }, (_, index) => ({
      facility: facilityOf(index, seq),
      transition: true,
    })),
    totals: { facilities: facilitiesOfRegion, online: facilitiesOfRegion, offline: 0, state: 'up' },
    digest: { count: facilitiesOfRegion, sum: facilitiesOfRegion },
  };
}

const facilityOf = (index: number, version: number): Facility => ({
  id: `dept-${index % departments}/clinic-${index}`,
  status: 'online',
  sinceMs: beginningMs,
  decidedAtMs: beginningMs,
  decidedAsOfMs: beginningMs,
  reason: 'heartbeat',
  sessions: 10,
  users: 10,
  version,
  flapping: false,
  recentChangesMs: [beginningMs],
});
