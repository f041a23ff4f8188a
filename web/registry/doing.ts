import { type Signal, useSignal } from '@preact/signals';
import { ApiRefused } from '../../registry/port';
import { polite } from '../announcements';

/** Where a request of a form stands. */
export type Doing =
  | { readonly state: 'idle' }
  | { readonly state: 'doing' }
  | { readonly state: 'done'; readonly words: string }
  | { readonly state: 'failed'; readonly words: string };

/** What a form is doing, and how it does something. */
export interface Work {
  readonly doing: Signal<Doing>;
  /** Does it, says what became of it, and is quiet about what is not its to catch. */
  readonly start: (words: string, work: () => Promise<void>) => Promise<void>;
}

export function useWork(): Work {
  const doing = useSignal<Doing>({ state: 'idle' });
  const start = async (words: string, work: () => Promise<void>): Promise<void> => {
    if (doing.peek().state === 'doing') return;
    doing.value = { state: 'doing' };
    // The same words as the last time would be no change, and would not be read out.
    polite.value = '';
    try {
      await work();
      doing.value = { state: 'done', words };
      polite.value = words;
    } catch (error) {
      const isExpected = error instanceof ApiRefused;
      doing.value = { state: 'failed', words: isExpected ? error.message : 'This did not work.' };
      if (!isExpected) throw error;
    }
  };
  return { doing, start };
}
