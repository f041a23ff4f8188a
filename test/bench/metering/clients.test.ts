import { DynamoConnectionStore } from '../../../adapters/aws/connection-store';
import { DynamoFence } from '../../../adapters/aws/fence';
import { DynamoPresenceLedger } from '../../../adapters/aws/presence-ledger';
import { DynamoRegionLedger } from '../../../adapters/aws/region-ledger';
import { DynamoSessionStore } from '../../../adapters/aws/session-store';
import { DynamoWatermarks } from '../../../adapters/aws/watermarks';
import { MemoryConnectionStore } from '../../../adapters/memory/connection-store';
import { MemoryFence } from '../../../adapters/memory/fence';
import { MemoryPresenceLedger } from '../../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../../adapters/memory/session-store';
import { MemoryWatermarks } from '../../../adapters/memory/watermarks';
import { meteredClient } from '../../../bench/metering/clients';
import { Meter } from '../../../bench/metering/meter';
import { type BilledPorts, meteredPorts } from '../../../bench/metering/ports';
import { noPresence } from '../../../core/presence';
import { defaultTimings } from '../../../core/timings';
import { availableEngines } from '../../../local/dynamodb';
import { aFacility, aHead, anEntry, aSession, aTransition, at, grants, issuer } from '../../support/builders';
import { type StartedTables, startTables } from '../../support/tables';

type Stores = Pick<BilledPorts, 'sessions' | 'ledger' | 'presence' | 'connections' | 'watermarks' | 'fence'>;

const clinic = aFacility('clinic-7', { version: 1 });
const entry = anEntry([aTransition(clinic)]);
const olga = {
  connectionId: 'c1',
  issuer,
  subject: 'olga',
  watch: grants({ north: ['*'] }),
  expiresAtMs: at('12:00'),
  topics: [],
};
const attributes = new Map([['mood', 'happy']]);
const set = { hash: 1, atMs: at('10:00') };

/** What the handlers do, in an order in which each finds what it needs. */
const steps: readonly (readonly [string, (stores: Stores) => Promise<unknown>])[] = [
  ['a session joins', ({ sessions }) => sessions.save(aSession({ revision: 0 }))],
  ['it is renewed', ({ sessions }) => sessions.save(aSession({ revision: 1 }))],
  [
    'another one joins with attributes',
    ({ sessions }) =>
      sessions.save({ ...aSession({ session: 's2', revision: 0 }), attributes: set }, attributes),
  ],
  ['two are loaded', ({ sessions }) => sessions.load([aSession(), aSession({ session: 's2' })])],
  ['one that is not there is loaded', ({ sessions }) => sessions.load([aSession({ session: 's9' })])],
  ['they are listed', ({ sessions }) => sessions.list('north', { consistent: false })],
  ['and consistently', ({ sessions }) => sessions.list('north', { consistent: true })],
  ['a region without sessions is listed', ({ sessions }) => sessions.list('void', { consistent: true })],
  ['a user is looked up', ({ sessions }) => sessions.ofUser(`${issuer} ann`)],
  ['a mark is raised', ({ ledger }) => ledger.raiseMark('north')],
  ['a change is committed', ({ ledger }) => ledger.commit({ head: aHead([clinic], { revision: 1 }), entry })],
  ['a settle is noted', ({ ledger }) => ledger.commit({ head: aHead([clinic], { revision: 2 }) })],
  [
    'a commit is lost',
    ({ ledger }) => lost(ledger.commit({ head: aHead([clinic], { revision: 9 }), entry })),
  ],
  ['a sink goes on', ({ ledger }) => ledger.advanceCursor('north', 'websocket', { epoch: 'e1', seq: 1 })],
  [
    'and the other one',
    ({ ledger }) => ledger.advanceCursor('north', 'eventbridge', { epoch: 'e1', seq: 1 }),
  ],
  ['a region is read', ({ ledger }) => ledger.read('north')],
  ['all are looked at', ({ ledger }) => ledger.overview({ consistent: true })],
  ['and glanced at', ({ ledger }) => ledger.overview({ consistent: false })],
  ['its facilities are read', ({ ledger }) => ledger.rows('north')],
  ['one of them is', ({ ledger }) => ledger.row('north', 'clinic-7')],
  ['the log is read', ({ ledger }) => ledger.entriesAfter('north', 0, 20)],
  ['and to its end', ({ ledger }) => ledger.entriesAfter('north', 1, 20)],
  ['somebody is told to be present', ({ presence }) => presence.commitPresence('north', [joining])],
  ['who is there is read', ({ presence }) => presence.present('north', 'clinic-7', { limit: 10 })],
  ['what happened there is', ({ presence }) => presence.presenceEvents('north', 'clinic-7', 0, 10)],
  ['a ticket is bought', ({ connections }) => connections.saveTicket('t', olga, at('10:01'))],
  ['and used', ({ connections }) => connections.redeemTicket('t', at('10:00'))],
  [
    'a socket is opened',
    ({ connections }) => connections.open(olga, at('12:00'), { atMost: 20, nowMs: at('10:00') }),
  ],
  ['it subscribes', ({ connections }) => connections.subscribe(olga, { region: 'north' }, at('12:00'), 200)],
  ['it is found', ({ connections }) => connections.find('c1')],
  ['subscribers are read', ({ connections }) => connections.subscribers('north')],
  ['it is closed', ({ connections }) => connections.close('c1')],
  ['a watermark moves', ({ watermarks }) => watermarks.advanceShard('shardId-000000000000', at('10:00'))],
  ['watermarks are read', ({ watermarks }) => watermarks.read()],
  ['what may be told is noted', ({ watermarks }) => watermarks.noteTold(at('10:00'))],
  ['and read', ({ watermarks }) => watermarks.told()],
  ['a run takes over', ({ fence }) => fence.take()],
  ['and asks whether it still is', ({ fence }) => fence.isCurrent(1)],
  ['a session is removed', ({ sessions }) => sessions.remove([aSession({ revision: 2 })])],
];

const joining = {
  facility: 'clinic-7',
  before: noPresence,
  after: { digest: '1:5', seq: 1, fromSeq: 1, decidedAtMs: at('10:00') },
  events: [{ seq: 1, event: 'join', user: 'ann', atMs: at('10:00'), decidedAtMs: at('10:00') }],
  joined: [{ user: 'ann', sinceMs: at('10:00') }],
  gone: [],
} as const;

const lost = (commit: Promise<unknown>): Promise<unknown> => commit.catch(() => 'lost');

function inMemory(meter: Meter): Stores {
  const ledger = new MemoryRegionLedger();
  const stores = {
    sessions: new MemorySessionStore(),
    ledger,
    presence: new MemoryPresenceLedger(ledger),
    connections: new MemoryConnectionStore(),
    watermarks: new MemoryWatermarks(defaultTimings),
    fence: new MemoryFence(),
  };
  return meteredPorts(stores, meter, defaultTimings);
}

function onAws({ client, names }: StartedTables, meter: Meter): Stores {
  const metered = meteredClient(client, meter);
  return {
    sessions: new DynamoSessionStore(metered, names.sessions, defaultTimings),
    ledger: new DynamoRegionLedger(metered, names),
    presence: new DynamoPresenceLedger(metered, names),
    connections: new DynamoConnectionStore(metered, names.connections),
    watermarks: new DynamoWatermarks(metered, names.watermarks, defaultTimings),
    fence: new DynamoFence(metered, names.regions),
  };
}

describe('ports are metered as the adapters for AWS are billed', () => {
  const [ports, clients] = [new Meter(), new Meter()];
  let tables: StartedTables;
  let stores: readonly [Stores, Stores];
  beforeAll(async () => {
    tables = await startTables(availableEngines().find((engine) => engine !== 'given') ?? 'dynoxide');
    stores = [inMemory(ports), onAws(tables, clients)];
  });
  afterAll(() => tables.close());

  test.each(steps)('when %s', async (_, step) => {
    for (const meter of [ports, clients]) meter.reset();
    for (const each of stores) await step(each);
    const [ofPorts, ofClients] = [ports, clients].map((meter) => ({
      written: meter.read().total('dynamoWriteUnits'),
      read: meter.read().total('dynamoReadUnits'),
    }));
    expect(ofPorts).toEqual(ofClients);
  });
});
