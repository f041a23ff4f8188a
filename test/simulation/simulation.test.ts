import { shrunk, story } from './failure';
import { faultNames } from './faults';
import { pinned } from './pinned';
import { type Outcome, simulate } from './simulation';

/** A run that failed is told with all that is needed to see it again. */
async function expectSound(outcome: Outcome): Promise<void> {
  if (outcome.violations.length > 0) throw new Error(story(await shrunk(outcome)));
}

describe('given faults that come and go, then no invariant is broken, and everything heals', () => {
  test.each(pinned)('seed $seed, which found: $found', async ({ seed, faults }) => {
    await expectSound(await simulate(seed, { faults }));
  });

  test.each([1, 2, 3])('seed %i', async (seed) => {
    await expectSound(await simulate(seed));
  });
});

test('given a seed, when it is run again, then everything happens again at the same instants', async () => {
  const [one, other] = [await simulate(11, { traces: true }), await simulate(11, { traces: true })];

  expect(one.trace.length).toBeGreaterThan(1_000);
  expect(other).toEqual(one);
});

test('given all faults at once, then safety holds, and everything heals', async () => {
  await expectSound(await simulate(12, { faults: faultNames }));
});
