import { between, oneOf, type Random, seededRandom } from './random';

/** When a facility is open, in a day that is much shorter than ours, so that a page always has something to show. */
export interface OpeningHours {
  readonly dayMs: number;
  /** How far this facility's day is ahead of the others'. */
  readonly offsetMs: number;
  readonly openMs: number;
}

/** One simulated front end: who uses it, and what it reports for. */
export interface FrontEndPlan {
  readonly user: string;
  readonly region: string;
  /** Facilities or patterns, as its token provides them. */
  readonly provides: readonly string[];
  readonly hours: OpeningHours;
  readonly seed: number;
}

const regions = [
  'north',
  'east',
  'south',
  'west',
  'coast',
  'harbour',
  'hills',
  'islands',
  'lakes',
  'plains',
  'river',
  'valley',
] as const;

const dayMs = 15 * 60_000;
const mostFrontEnds = 3;

/**
 * Front ends for so many facilities, the same for the same seed. Most report for one facility; some for two, and each
 * region has a device that reports for all its laboratories.
 */
export function planFleet(facilities: number, seed: number): readonly FrontEndPlan[] {
  const random = seededRandom(seed);
  const plans = Array.from({ length: facilities }, (_, index) => frontEndsOf(index, random)).flat();
  return [...plans, ...laboratoryGateways(facilities, random)];
}

const regionOf = (index: number): string => regions[index % regions.length] ?? regions[0];

const facilityName = (index: number): string => {
  const number = Math.floor(index / regions.length) + 1;
  return number % 6 === 0 ? `lab/${number}` : `clinic-${number}`;
};

function frontEndsOf(index: number, random: Random): readonly FrontEndPlan[] {
  const region = regionOf(index);
  const facility = facilityName(index);
  const hours = openingHours(random);
  const neighbour = random() < 0.1 ? [facilityName(index + regions.length)] : [];
  const count = 1 + Math.floor(random() * mostFrontEnds);
  return Array.from({ length: count }, (_, tab) => ({
    // The last two are tabs of one user.
    user: `${region}-${facility.replace('/', '-')}-${Math.min(tab + 1, mostFrontEnds - 1)}`,
    region,
    provides: tab === 0 ? [facility, ...neighbour] : [facility],
    hours,
    seed: Math.floor(random() * 2 ** 32),
  }));
}

/** One of ten never closes. */
function openingHours(random: Random): OpeningHours {
  const openMs = random() < 0.1 ? dayMs : between(random, 0.4, 0.9) * dayMs;
  return { dayMs, offsetMs: random() * dayMs, openMs };
}

const laboratoryGateways = (facilities: number, random: Random): readonly FrontEndPlan[] =>
  regions
    .filter((_, index) => facilities > 5 * regions.length + index)
    .map((region) => ({
      user: `${region}-laboratory-gateway`,
      region,
      provides: ['lab/*'],
      hours: { dayMs, offsetMs: random() * dayMs, openMs: oneOf(random, 0.2, 0.3) * dayMs },
      seed: Math.floor(random() * 2 ** 32),
    }));
