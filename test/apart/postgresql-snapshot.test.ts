import { Client } from 'pg';
import { createTables } from '../../examples/postgresql/facility-table';
import { reconcile } from '../../examples/postgresql/snapshot';
import type { BusEvent } from '../../local/eventbridge';
import { seconds } from '../support/builders';
import { ConsumerProcess } from '../support/event-target';
import { Postgresql } from '../support/postgresql';
import { Rollcall } from '../support/rollcall';
import { patience, until } from '../support/waiting';

let rollcall: Rollcall;
let postgresql: Postgresql;
let consumer: ConsumerProcess;
let database: Client;
let boss: string;

beforeAll(async () => {
  [rollcall, postgresql] = await Promise.all([Rollcall.start(), Postgresql.start()]);
  consumer = await ConsumerProcess.start(postgresql.url);
  database = new Client({ connectionString: postgresql.url });
  await database.connect();
  await createTables(database);
  const everything = { '*': ['*'] };
  boss = await rollcall.token({ provide: everything, watch: everything, manage: everything }, 'boss');
}, seconds(60));

afterAll(async () => {
  await database?.end();
  await consumer?.close();
  await postgresql?.close();
  await rollcall?.close();
});

const beat = (sessionId: string, facility: string, next: number) =>
  rollcall.post(
    '/heartbeat',
    { sessionId, region: 'north', facilities: [facility], next },
    { authorization: `Bearer ${boss}` },
  );

/** Events of a facility, as the bus has them by now; waits for so many. */
const eventsOf = (facility: string, count: number): Promise<readonly BusEvent['event'][]> =>
  until(patience, `${count} events of ${facility}`, async () => {
    const { body } = await rollcall.get<readonly BusEvent[]>('/dev/events');
    const found = body.map(({ event }) => event).filter(({ detail }) => detail.facility === facility);
    return found.length >= count ? found : undefined;
  });

const rows = () =>
  postgresql.rows<{ facility: string; status: string; reason: string }>(
    'select facility, status, reason from facility_status order by facility',
  );

describe('CD3 given events of a running Rollcall, of which some were lost', () => {
  test('a snapshot brings every row up to date, and finds what was removed', async () => {
    await Promise.all([beat('s1', 'lab/1', 300), beat('s2', 'lab/2', 300)]);
    const [told] = await eventsOf('lab/1', 1);
    await eventsOf('lab/2', 1);
    expect(await consumer.post(JSON.stringify(told))).toBe(204);
    expect(await rows()).toEqual([{ facility: 'lab/1', status: 'online', reason: 'heartbeat' }]);

    const source = { apiUrl: rollcall.url, token: boss };
    expect(await reconcile(database, 'north', source)).toBe(1);
    expect(await reconcile(database, 'north', source)).toBe(0);
    expect(await rows()).toEqual([
      { facility: 'lab/1', status: 'online', reason: 'heartbeat' },
      { facility: 'lab/2', status: 'online', reason: 'heartbeat' },
    ]);

    await rollcall.send('DELETE', '/v1/regions/north/facility?id=lab%2F1', boss);
    const [, removed] = await eventsOf('lab/1', 2);
    expect(await reconcile(database, 'north', source)).toBe(1);
    // What was overtaken by the snapshot says nothing new, whenever it comes.
    for (const event of [removed, told]) expect(await consumer.post(JSON.stringify(event))).toBe(204);
    expect(await rows()).toEqual([
      { facility: 'lab/1', status: 'offline', reason: 'removed' },
      { facility: 'lab/2', status: 'online', reason: 'heartbeat' },
    ]);
  });
});
