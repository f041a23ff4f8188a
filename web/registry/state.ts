import { computed, effect, type Signal, signal } from '@preact/signals';
import type { FacilityRegistry } from '../../core/registry';
import { ApiRefused } from '../../registry/port';
import { connection } from '../page-state';
import { session, unsaved } from '../sign-in/session';
import { PageRegistry, type WholeRegion } from './page-registry';

/** What the page knows of a region's registry. */
export type Known =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly why: string }
  | ({ readonly state: 'known' } & WholeRegion);

export const pageRegistry = computed(() => connection.value && new PageRegistry(connection.value.api));

const regions = new Map<string, Signal<Known>>();

/** What is known of a region; asks for it when it is looked at for the first time. */
export function knownOf(region: string): Signal<Known> {
  const known = regions.get(region);
  if (known !== undefined) return known;
  const begun: Signal<Known> = signal({ state: 'loading' });
  regions.set(region, begun);
  effect(() => {
    if (pageRegistry.value !== undefined && session.value.state === 'signed-in') void load(region);
  });
  return begun;
}

/** Asks again; what was known stays until there is an answer. */
export async function load(region: string): Promise<void> {
  const registry = pageRegistry.peek();
  if (registry === undefined) return;
  const known = knownOf(region);
  try {
    known.value = { state: 'known', ...(await registry.region(region)) };
  } catch (error) {
    if (!(error instanceof ApiRefused)) throw error;
    known.value = { state: 'failed', why: error.message };
  }
}

/** Notes what was put or removed just now, before anybody asks again. */
export function noteFacility(region: string, id: string, registry: FacilityRegistry | undefined): void {
  const known = knownOf(region);
  const now = known.peek();
  if (now.state !== 'known') return;
  const facilities = new Map(now.facilities);
  if (registry === undefined) facilities.delete(id);
  else facilities.set(id, registry);
  known.value = { ...now, facilities };
}

/** A form while somebody is at it; it outlives a look at another view. */
export interface Draft<T> {
  readonly begun: T;
  readonly now: T;
}

const drafts = signal<ReadonlyMap<string, Draft<object>>>(new Map());

/** A page with unsaved forms is not left for the issuer, nor closed without a question. */
effect(() => {
  unsaved.value = drafts.value.size > 0;
});
window.addEventListener('beforeunload', (event) => {
  if (unsaved.peek()) event.preventDefault();
});

export const draftOf = <T extends object>(key: string): Draft<T> | undefined =>
  drafts.value.get(key) as Draft<T> | undefined;

/** Keeps what a form says; nothing is kept of one that says what it began with. */
export function keepDraft<T extends object>(key: string, begun: T, now: T): void {
  const next = new Map(drafts.peek());
  if (JSON.stringify(begun) === JSON.stringify(now)) next.delete(key);
  else next.set(key, { begun, now });
  drafts.value = next;
}

export function dropDraft(key: string): void {
  const next = new Map(drafts.peek());
  next.delete(key);
  drafts.value = next;
}
