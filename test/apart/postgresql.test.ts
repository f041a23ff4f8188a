import { eventsOf } from '../../core/events';
import type { Status } from '../../core/facility';
import { epochAt } from '../../core/region';
import { seededRandom } from '../../local/fleet/random';
import { aFacility, anEntry, aTransition, at, minutes, seconds } from '../support/builders';
import { ConsumerProcess, deliverAll } from '../support/event-target';
import { Postgresql } from '../support/postgresql';

const seed = Number(process.env.ROLLCALL_SEED ?? 7);
const regions = ['north', 'south', 'east', 'west'];
const facilitiesPerRegion = 50;
const changesPerFacility = 50;
/** Two of the regions lose their tables after so many changes of each facility: another log begins, with `seq` 1. */
const restartAfter = 30;
const restarted = new Set(['east', 'west']);

interface Told {
  readonly region: string;
  readonly facility: string;
  readonly epoch: string;
  readonly version: number;
  readonly status: Status;
  readonly since: Date;
  readonly body: string;
}

/** What Rollcall tells of a region, in order: each facility goes on and off in turn. */
function toldOf(region: string): readonly Told[] {
  const told: Told[] = [];
  let seq = 0;
  for (let round = 0; round < changesPerFacility; round += 1) {
    const lostBefore = restarted.has(region) && round >= restartAfter;
    if (restarted.has(region) && round === restartAfter) seq = 0;
    const epoch = epochAt(at('08:00') + (lostBefore ? minutes(300) : 0));
    for (let number = 0; number < facilitiesPerRegion; number += 1) {
      seq += 1;
      told.push(
        toldOnce(region, `lab/${number}`, epoch, seq, at('10:00') + minutes(round) + seconds(number)),
      );
    }
  }
  return told;
}

function toldOnce(region: string, facility: string, epoch: string, seq: number, sinceMs: number): Told {
  const status = Math.floor((sinceMs - at('10:00')) / minutes(1)) % 2 === 0 ? 'online' : 'offline';
  const change = aTransition(aFacility(facility, { status, sinceMs, decidedAtMs: sinceMs, version: seq }));
  const [event] = eventsOf(anEntry([change], { region, epoch, seq }));
  const envelope = {
    version: '0',
    id: `${region}-${seq}`,
    'detail-type': event?.type,
    source: 'rollcall',
    account: '000000000000',
    time: '2026-01-05T10:00:00Z',
    region: 'eu-central-1',
    resources: [],
    detail: event?.detail,
  };
  return {
    region,
    facility,
    epoch,
    version: seq,
    status,
    since: new Date(sinceMs),
    body: JSON.stringify(envelope),
  };
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

describe('the PostgreSQL consumer', () => {
  let postgresql: Postgresql;
  let consumer: ConsumerProcess;

  beforeAll(async () => {
    postgresql = await Postgresql.start();
    consumer = await ConsumerProcess.start(postgresql.url);
  });

  afterAll(async () => {
    await consumer?.close();
    await postgresql?.close();
  });

  test('CD2 CD3 given 10,000 events delivered twice and shuffled, and ten kills, then each row is the last change and each change is kept once', async () => {
    const told = regions.flatMap(toldOf);
    const bodies = shuffled([...told, ...told].map(({ body }) => body));
    const startedMs = Date.now();

    const delivered = await deliverAll(bodies, 10, consumer);

    const tookMs = Date.now() - startedMs;
    console.log(
      `${told.length} events delivered twice, seed ${seed}: ${delivered.kills} kills left ${delivered.unanswered} deliveries without an answer, all again: ${tookMs} ms`,
    );
    expect(told).toHaveLength(10_000);
    expect(delivered).toMatchObject({ answered: 20_000, kills: 10 });
    expect(delivered.unanswered).toBeGreaterThan(0);
    const last = new Map(told.map((change) => [`${change.region} ${change.facility}`, change]));
    expect(
      await postgresql.rows('select region, facility, status, since, version from facility_status'),
    ).toEqual(
      expect.arrayContaining(
        [...last.values()].map(({ region, facility, status, since, version }) => ({
          region,
          facility,
          status,
          since,
          version: String(version),
        })),
      ),
    );
    const counts =
      'select count(*)::int as rows, count(distinct (region, facility, epoch, version))::int as changes';
    expect(await postgresql.rows(`${counts} from facility_transition`)).toEqual([
      { rows: 10_000, changes: 10_000 },
    ]);
    expect(await postgresql.rows('select count(*)::int as rows from facility_status')).toEqual([
      { rows: 200 },
    ]);
  });

  test('AC1 a caller without the key is turned away', async () => {
    expect(await consumer.post('{}', 'guessed')).toBe(401);
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '7'],
    [
      'another status',
      JSON.stringify({
        source: 'rollcall',
        'detail-type': 'FacilityStatusChanged',
        detail: { status: 'asleep' },
      }),
    ],
  ])('%s is not asked for again', async (_, body) => {
    expect(await consumer.post(body)).toBe(422);
  });

  test('an event about something else is taken and changes nothing', async () => {
    expect(
      await consumer.post(JSON.stringify({ source: 'rollcall', 'detail-type': 'RegionStatusChanged' })),
    ).toBe(204);
  });
});
