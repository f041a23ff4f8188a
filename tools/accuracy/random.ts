/** Numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/**
 * The same numbers for the same seed. sfc32 by Chris Doty-Humphrey (PractRand): its 128 bits of state outlast the billions
 * of draws that a run takes, which a generator with 32 bits would repeat.
 */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [0, seed | 0, (seed / 0x1_0000_0000) | 0, 1];
  const next: Random = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  // The first numbers of close seeds are alike.
  for (let warming = 0; warming < 15; warming += 1) next();
  return next;
}

export const between = (random: Random, least: number, most: number): number =>
  least + random() * (most - least);

/** Time until something happens that happens once in `meanMs` on average. */
export const exponential = (random: Random, meanMs: number): number => -Math.log(1 - random()) * meanMs;

/** How long a beat travels: half of them within 80 ms, one of a hundred over a second, none over ten. */
const travel = { medianMs: 80, sigma: 1.15, mostMs: 10_000 } as const;
const steps = 4_096;

/** The log-normal distribution in equal shares, since drawing from it directly would take most of a run's time. */
const travelTimesMs = Float64Array.from({ length: steps }, (_, step) =>
  Math.min(travel.mostMs, travel.medianMs * Math.exp(travel.sigma * normalQuantile((step + 0.5) / steps))),
);

export const travelMs = (random: Random): number => travelTimesMs[Math.floor(random() * steps)] ?? 0;

/** Inverse of {@link normalShare} by halving; only used to fill the table. */
function normalQuantile(share: number): number {
  let [low, high] = [-6, 6];
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

/** Share of a standard normal distribution below `x`, by the series of its density around 0. */
function normalShare(x: number): number {
  let [term, sum] = [x, x];
  for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
