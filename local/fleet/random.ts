/** A sequence of numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** The same numbers for the same seed. Mulberry32, by Tommy Ettinger: 32 bits of state, enough for a demonstration. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** From `least` up to, not including, `most`. */
export const between = (random: Random, least: number, most: number): number =>
  least + random() * (most - least);

/** One of several, each as likely as the others. */
export function oneOf<T>(random: Random, first: T, ...others: readonly T[]): T {
  const choices = [first, ...others];
  return choices[Math.floor(random() * choices.length)] ?? first;
}
