import type { Log } from '../core/ports';

/** A log that nobody reads; an error in a bench would make its figures worthless, so it ends it. */
export const quietLog: Log = {
  info: () => {},
  error: (message, error) => {
    throw new Error(message, { cause: error });
  },
};
