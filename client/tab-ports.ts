import type { TabPorts } from './environment';

/** Web Locks exist in secure contexts only; without them nobody would know who is the one. */
export const tabPorts = (): TabPorts | undefined =>
  navigator.locks && {
    lock(name, steal, granted, lost) {
      let release: () => void = () => undefined;
      const waiting = new AbortController();
      const { signal } = waiting;
      const hold = (): Promise<void> =>
        new Promise((resolve) => {
          release = resolve;
          if (signal.aborted) resolve();
          else granted();
        });
      // The browser takes either a signal or `steal`; who steals never waits.
      navigator.locks
        .request(name, steal ? { steal } : { signal }, hold)
        .catch(() => signal.aborted || lost());
      return () => {
        waiting.abort();
        release();
      };
    },
    channel(name, listener) {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => listener(data);
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    },
  };
