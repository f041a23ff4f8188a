import { setTimeout as sleep } from 'node:timers/promises';

/** What was waited for did not come in time. */
export class TooLate extends Error {}

/** Much longer than whatever is waited for takes: how long it took is for the test to judge. */
export const patience = 20_000;

const lookEveryMs = 25;

/**
 * What `work` resolves with.
 * @throws TooLate that says what was waited for
 */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`${what}: not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Looks again and again at what tells nobody of its changes, such as a directory.
 * @returns the first thing seen that is not undefined
 * @throws TooLate
 */
export async function until<T>(
  ms: number,
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const giveUpMs = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > giveUpMs) throw new TooLate(`${what}: not within ${ms} ms`);
    await sleep(lookEveryMs);
  }
}

/**
 * The shortest of at most three attempts, and no more than it takes for one to be short enough: other programs on the
 * machine may hold up one of them, while a delay of our own would hold up all.
 */
export async function quickest(
  wantedMs: number,
  attempt: (round: number) => Promise<number>,
): Promise<number> {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let round = 1; round <= 3 && bestMs > wantedMs; round += 1) {
    bestMs = Math.min(bestMs, await attempt(round));
  }
  return bestMs;
}
