import { effect, signal } from '@preact/signals';
import { unsaved } from '../sign-in/session';

/** A form while somebody is at it; it outlives a look at another view. */
export interface Draft<T> {
  /** What stood in the fields at first. What is known changes meanwhile: only against this can be told what is the form's own. */
  readonly begun: T;
  readonly now: T;
}

const drafts = signal<ReadonlyMap<string, Draft<object>>>(new Map());

/** A page with unsaved forms is not left for the issuer, nor closed without a question. */
effect(() => {
  unsaved.value = drafts.value.size > 0;
});

export const draftOf = <T extends object>(key: string): Draft<T> | undefined =>
  drafts.value.get(key) as Draft<T> | undefined;

/**
 * Keeps what somebody writes into a form; nothing is kept of one that says what it began with.
 * @param known what stands in the fields of a form that is begun now
 */
export function keepDraft<T extends object>(key: string, known: T, words: Partial<T>): void {
  const { begun, now } = drafts.peek().get(key) ?? { begun: known, now: known };
  const written = { ...now, ...words };
  const next = new Map(drafts.peek());
  if (JSON.stringify(begun) === JSON.stringify(written)) next.delete(key);
  else next.set(key, { begun, now: written });
  drafts.value = next;
}

/** The form of a facility; of one that is yet to be registered without an id. */
export const facilityDraftKey = (region: string, id: string): string => `facility ${region} ${id}`;

export function dropDraft(key: string): void {
  const next = new Map(drafts.peek());
  next.delete(key);
  drafts.value = next;
}
