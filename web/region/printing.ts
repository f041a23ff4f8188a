import { signal } from '@preact/signals';
import { flushSync } from 'preact/compat';

/** Whether paper is drawn, on which all rows are to be. */
export const isPrinting = signal(false);

addEventListener('beforeprint', () =>
  flushSync(() => {
    isPrinting.value = true;
  }),
);
addEventListener('afterprint', () => {
  isPrinting.value = false;
});
