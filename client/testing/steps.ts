/** How far a fake clock moves at once: as often as a page ticks. */
export const tickMs = 1_000;
/** Deeper than any chain of promises between two things that the library does. */
const microtasks = 100;

/** The same numbers in every run (Marsaglia, "Xorshift RNGs", 32 bits). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Lets everything happen that needs no time. */
export async function settled(): Promise<void> {
  for (let count = 0; count < microtasks; count += 1) await Promise.resolve();
}
