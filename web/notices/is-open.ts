import { signal } from '@preact/signals';

/** Whether the latest changes are shown. */
export const isOpen = signal(false);
