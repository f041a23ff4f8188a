import { rowOf } from '../../../adapters/aws/session-store';
import { MemoryConnectionStore } from '../../../adapters/memory/connection-store';
import { MemoryRegionLedger } from '../../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../../adapters/memory/session-store';
import { wireItemBytes } from '../../../bench/metering/item-size';
import { Meter } from '../../../bench/metering/meter';
import { type BilledPorts, meteredPorts } from '../../../bench/metering/ports';
import { sessionBytes } from '../../../bench/metering/ports/rows';
import { CommitLost } from '../../../core/errors';
import { defaultTimings } from '../../../core/timings';
import { aFacility, aHead, anEntry, aSession, aTransition } from '../../support/builders';

function scene() {
  const meter = new Meter();
  const ports: Pick<BilledPorts, 'sessions' | 'ledger' | 'connections'> & { clock: { now: () => number } } = {
    sessions: new MemorySessionStore(),
    ledger: new MemoryRegionLedger(),
    connections: new MemoryConnectionStore(),
    clock: { now: () => 0 },
  };
  return { meter, ports, metered: meteredPorts(ports, meter, defaultTimings) };
}

describe('metered ports', () => {
  test('a session that joins is a row and its place in the index by user, a renewal the row alone', async () => {
    const { meter, metered } = scene();
    await metered.sessions.save(aSession({ revision: 0 }));
    await metered.sessions.save({ ...aSession({ revision: 1 }), lastBeatAtMs: 5 });
    const reading = meter.read();
    expect(reading.total('dynamoWriteUnits', 'Sessions joined')).toBe(1);
    expect(reading.total('dynamoWriteUnits', 'Index by user')).toBe(1);
    expect(reading.total('dynamoWriteUnits', 'Sessions renewed')).toBe(1);
  });

  test('attributes make it a transaction', async () => {
    const { meter, metered } = scene();
    await metered.sessions.save(aSession({ revision: 0 }), new Map([['mood', 'happy']]));
    expect(meter.read().total('dynamoWriteUnits')).toBe(2 + 2 + 1);
  });

  test('a consistent list costs twice a stale one', async () => {
    const { meter, metered } = scene();
    for (let n = 0; n < 100; n += 1) await metered.sessions.save(aSession({ session: `s${n}`, revision: 0 }));
    meter.reset();
    await metered.sessions.list('north', { consistent: false });
    const stale = meter.read().total('dynamoReadUnits');
    await metered.sessions.list('north', { consistent: true });
    expect(meter.read().total('dynamoReadUnits')).toBe(3 * stale);
  });

  test('a commit of one transition is head, entry, facility and transition, twice each', async () => {
    const { meter, metered } = scene();
    const facility = aFacility('clinic-7');
    const entry = anEntry([aTransition(facility)]);
    await metered.ledger.commit({ head: aHead([facility], { revision: 1 }), entry });
    expect(meter.read().total('dynamoWriteUnits')).toBe(2 * 4);
  });

  test('a commit that was lost is billed all the same', async () => {
    const { meter, metered } = scene();
    const entry = anEntry([aTransition(aFacility('clinic-7'))]);
    const late = { head: aHead([], { revision: 7 }), entry };
    await expect(metered.ledger.commit(late)).rejects.toThrow(CommitLost);
    expect(meter.read().total('dynamoWriteUnits')).toBe(2 * 4);
  });

  test('closing a connection deletes its place and as many subscriptions as it had', async () => {
    const { meter, metered } = scene();
    const connection = {
      connectionId: 'c1',
      issuer: 'https://issuer.example/',
      subject: 'olga',
      watch: new Map(),
      expiresAtMs: 1,
      topics: [],
    };
    await metered.connections.open(connection, 1, { atMost: 1, nowMs: 0 });
    await metered.connections.subscribe(connection, { region: 'north' }, 1, 200);
    await metered.connections.subscribe(connection, { region: 'south' }, 1, 200);
    meter.reset();
    await metered.connections.close('c1');
    expect(meter.read().total('dynamoWriteUnits')).toBe(2 + 2);
  });

  test('what is not billed passes as it is, and what is behind the ports is the same', async () => {
    const { ports, metered } = scene();
    expect(metered.clock).toBe(ports.clock);
    await metered.ledger.raiseMark('north');
    expect((await ports.ledger.read('north')).mark).toBe(1);
  });
});

test.each([
  ['one that beats', aSession({ seq: 12 })],
  ['one that left', aSession({ leftAt: 1_767_600_000_123 })],
  ['one that covers less than it did', aSession({ dropped: ['lab/*'], covers: ['clinic-7', 'ward 2'] })],
])('a session is weighed as the adapter stores it: %s', (_, session) => {
  expect(sessionBytes(session, defaultTimings)).toBe(wireItemBytes(rowOf(session, defaultTimings)));
});

describe('a reading', () => {
  test('is the difference of two instants, and as much as a month would be', () => {
    const meter = new Meter();
    meter.count('lambdaRequests', 'heartbeat-endpoint', 10);
    const before = meter.read();
    meter.count('lambdaRequests', 'heartbeat-endpoint', 5);
    meter.count('lambdaRequests', 'status-api', 1);
    const since = meter.read().since(before);
    expect(since.total('lambdaRequests', 'heartbeat-endpoint')).toBe(5);
    expect(since.times(100).total('lambdaRequests')).toBe(600);
    expect(since.plus(before).total('lambdaRequests')).toBe(16);
  });
});
