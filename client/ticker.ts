const tickMs = 1_000;

/** Ticks for all that wait in a page: calls the listener until the returned function is called. */
export type Ticks = (listener: () => void) => () => void;

/**
 * Ticks from one worker, and from the page's own timer in case that there is none. The latter slows down while the page
 * is hidden. Both end with the last listener.
 */
export function ticksOf(startWorker: () => Worker): Ticks {
  const listeners = new Set<() => void>();
  const tick = (): void => {
    for (const listener of listeners) listener();
  };
  let timer: ReturnType<typeof setInterval>;
  let worker: Worker | undefined;
  const start = (): void => {
    timer = setInterval(tick, tickMs);
    try {
      worker = startWorker();
      worker.onmessage = tick;
    } catch {
      // No worker is no matter for the page, whatever the reason: its own timer ticks.
    }
  };
  return (listener) => {
    if (listeners.size === 0) start();
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      worker?.terminate();
    };
  };
}
