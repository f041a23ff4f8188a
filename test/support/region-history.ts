import type { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { aHead, aSession, at } from './builders';
import { applied, type Standing, settling } from './settling';

/**
 * Commits entries to `north`: with each one, another facility comes online, `f-000` first.
 */
export async function withHistory(ledger: MemoryRegionLedger, entries: number): Promise<Standing> {
  let standing: Standing = { head: aHead(), facilities: [] };
  const covers: string[] = [];
  for (let count = 0; count < entries; count += 1) {
    covers.push(`f-${String(count).padStart(3, '0')}`);
    const settlement = settling({ sessions: [aSession({ covers, until: at('12:00') })], ...standing });
    for (const commit of settlement.commits) await ledger.commit(commit);
    standing = applied(standing.facilities, settlement);
  }
  return standing;
}
