import { beatLimits } from '../../core/beat';
import { defaultTimings } from '../../core/timings';
import { seconds } from '../support/builders';
import type { HeardChange } from '../support/live-feed';
import { business, heldUpMs } from '../support/processes';
import { Rollcall } from '../support/rollcall';
import { patience, quickest } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

const objects = Array.from({ length: 5_000 }, (_, index) => `object-${index}`);
const objectsPerCall = objects.length / 10;
const tick = defaultTimings.tickSeconds;
const joinsWithin = seconds(2 + tick);
/** The grace, and enough for the settle of so many on a busy machine. */
const allGoneWithin = seconds(defaultTimings.leaveGraceSeconds) + 3 * patience;

let rollcall: Rollcall;

beforeAll(async () => {
  rollcall = await Rollcall.start({ tick });
});

afterAll(() => rollcall.close());

/** One provider says of each of its objects when it will be heard of again. */
async function report(region: WatchedRegion, next: number): Promise<void> {
  for (let from = 0; from < objects.length; from += objectsPerCall) {
    const beats = objects
      .slice(from, from + objectsPerCall)
      .map((id) => ({ sessionId: id, facilities: [id], next }));
    const { body } = await region.beats(beats);
    expect(new Set(body.results.map(({ status }) => status))).toEqual(new Set([202]));
  }
}

/** The changes that made all of the objects what they are now. */
const allOf = (region: WatchedRegion, status: string, withinMs: number): Promise<readonly HeardChange[]> =>
  region.feed.first(`all ${status}`, withinMs, () => {
    if (region.feed.entries.at(-1)?.message.totals.online !== (status === 'online' ? objects.length : 0)) {
      return undefined;
    }
    return region.feed.changes.filter((change) => change.status === status);
  });

/** @returns how long it took until the operator saw them, but for what other programs held it up */
async function allJoin(region: WatchedRegion): Promise<number> {
  const [sentMs, before] = [Date.now(), business(rollcall.processes)];
  await report(region, beatLimits.maxNextSeconds);
  const changes = await allOf(region, 'online', 3 * patience);
  const heldUp = heldUpMs(before, business(rollcall.processes));
  expect(new Set(changes.map(({ facility }) => facility)).size).toBe(objects.length);
  return (changes.at(-1)?.heardAtMs ?? Number.NaN) - sentMs - heldUp;
}

/** As-of moves with the canaries of a tick: two instants that follow upon the same one are judged together. */
async function nextTick(region: WatchedRegion): Promise<void> {
  const asOf = async () => (await region.feed.ping()).regions[0]?.asOf;
  const before = await asOf();
  for (let now = before; now === before; now = await asOf());
}

test('5,000 objects of one provider, in 10 calls, are online within 2 s and a tick; all go offline in one settle', async () => {
  const regions: WatchedRegion[] = [];
  const attempt = async (round: number) => {
    const region = await WatchedRegion.of(rollcall, `plant-${round}`);
    regions.push(region);
    const joinedMs = await allJoin(region);
    console.log(`the last of ${objects.length} was told ${joinedMs.toFixed(0)} ms after the first call`);
    // What is left to do of it, such as five thousand users' presence, is not the next attempt's burden.
    await nextTick(region);
    return joinedMs;
  };
  expect(await quickest(joinsWithin, attempt)).toBeLessThan(joinsWithin);

  const region = regions.at(-1) as WatchedRegion;
  await report(region, 0);
  const changes = await allOf(region, 'offline', allGoneWithin);
  expect(new Set(changes.map(({ facility }) => facility)).size).toBe(objects.length);
  expect(new Set(changes.map(({ decidedAt }) => decidedAt)).size).toBe(1);
  expect(new Set(changes.map(({ reason }) => reason))).toEqual(new Set(['leave']));
  for (const { feed } of regions) feed.close();
}, 300_000);
