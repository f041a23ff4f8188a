import { computed } from '@preact/signals';
import { ApiRefused } from '../../registry/port';
import { connection } from '../page-state';
import { unsaved } from '../sign-in/session';
import { KnownRegion } from './known-region';
import { PageRegistry } from './page-registry';

export const pageRegistry = computed(() => connection.value && new PageRegistry(connection.value.api));

const regions = new Map<string, KnownRegion>();

/** What is known of a region; it is read when a view of it is opened. */
export function knownRegion(region: string): KnownRegion {
  const known = regions.get(region) ?? new KnownRegion(() => read(region));
  regions.set(region, known);
  return known;
}

async function read(region: string) {
  const registry = pageRegistry.peek();
  if (registry === undefined) throw new ApiRefused('The page is not connected yet. Try again.', 0);
  return await registry.region(region);
}

window.addEventListener('beforeunload', (event) => {
  if (unsaved.peek()) event.preventDefault();
});
