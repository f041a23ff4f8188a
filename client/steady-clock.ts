/** Clocks differ by less than this unless the machine slept or somebody set one. */
const jumpMs = 1_000;

/**
 * A clock that counts sleep, which the monotonic one of some browsers leaves out, and is not set back with the wall
 * clock. A wall clock that is set forward looks like a sleep, which costs one heartbeat.
 */
export function steadyClock(monotonicMs: () => number, wallMs: () => number): () => number {
  let monotonic = monotonicMs();
  let wall = wallMs();
  let nowMs = wall;
  return () => {
    const passedMs = monotonicMs() - monotonic;
    const wallPassedMs = wallMs() - wall;
    monotonic += passedMs;
    wall += wallPassedMs;
    nowMs += wallPassedMs - passedMs > jumpMs ? wallPassedMs : passedMs;
    return nowMs;
  };
}
