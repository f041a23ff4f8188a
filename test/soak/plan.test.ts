import fc from 'fast-check';
import { property } from '../support/builders';
import { lastsMs, type Planned, planSoak } from './plan';

const minute = 60_000;
const plans = fc.record({ minutes: fc.integer({ min: 1, max: 40 }), seed: fc.nat() });

const endOf = (planned: Planned): number => planned.atMs + lastsMs(planned);

describe('the plan of a soak', () => {
  test('is the same for the same seed, and another one for another', () => {
    expect(planSoak(10, 7)).toEqual(planSoak(10, 7));
    expect(planSoak(10, 7)).not.toEqual(planSoak(10, 8));
  });

  test('breaks one thing after another, and mends all before the end', () => {
    fc.assert(
      fc.property(plans, ({ minutes, seed }) => {
        const plan = planSoak(minutes, seed);
        for (const [index, planned] of plan.entries()) {
          expect(endOf(planned)).toBeLessThanOrEqual(minutes * minute);
          expect(planned.atMs).toBeGreaterThan(index === 0 ? 0 : endOf(plan[index - 1] as Planned));
        }
      }),
      property,
    );
  });

  test('cuts the power in no late part, so that one process can be measured for long', () => {
    fc.assert(
      fc.property(plans, ({ minutes, seed }) => {
        const cuts = planSoak(minutes, seed).filter(({ kind }) => kind === 'power-cut');
        for (const { atMs } of cuts) expect(atMs).toBeLessThanOrEqual(minutes * minute * 0.6);
      }),
      property,
    );
  });

  test('of ten minutes holds every kind', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(new Set(planSoak(10, seed).map(({ kind }) => kind)).size).toBe(9);
      }),
      property,
    );
  });
});
