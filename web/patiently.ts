import { backoffMs } from '../client/backoff';

/** Tries until it works. */
export async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      console.warn('Rollcall: trying again after', error);
      const waitMs = backoffMs(failures, Math.random());
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
