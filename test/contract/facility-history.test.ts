import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { commitItems } from '../../adapters/aws/commit-items';
import { DynamoFacilityHistory } from '../../adapters/aws/facility-history';
import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import type { FacilityHistory, RegionLedger } from '../../core/ports';
import { type Entry, newHead } from '../../core/region';
import { aFacility, anEntry, anOfflineFacility, at } from '../support/builders';
import { onEveryStore, unique } from './implementations';

interface Books {
  readonly ledger: RegionLedger;
  readonly history: FacilityHistory;
  /** Keeps the transitions of an entry that is larger than a commit may be. */
  keep(entry: Entry): Promise<void>;
}

const headOf = ({ region, seq }: Entry) => ({ ...newHead(region, 'e1'), seq, revision: seq });

onEveryStore<Books>(
  'FacilityHistory',
  () => {
    const ledger = new MemoryRegionLedger();
    return { ledger, history: ledger, keep: (entry) => ledger.commit({ head: headOf(entry), entry }) };
  },
  (client, tables) => ({
    ledger: new DynamoRegionLedger(client, tables),
    history: new DynamoFacilityHistory(client, tables.transitions),
    keep: async (entry) => {
      const items = commitItems(tables, { head: headOf(entry), entry }, entry);
      const puts = items.filter(({ Put }) => Put?.TableName === tables.transitions);
      for (let from = 0; from < puts.length; from += 100) {
        await client.send(new TransactWriteItemsCommand({ TransactItems: puts.slice(from, from + 100) }));
      }
    },
  }),
  (get) => {
    const id = 'lab/__proto__';

    /** `id` came online at ten, went offline at half past, and back at eleven. */
    async function aMorning(): Promise<string> {
      const region = unique('region');
      const steps = [
        { facility: aFacility(id), transition: true },
        { facility: anOfflineFacility(id, { sinceMs: at('10:30') }), transition: true, lastedMs: 1_800_000 },
        { facility: aFacility(id, { sinceMs: at('11:00') }), transition: true, lastedMs: 1_800_000 },
      ];
      for (const [index, change] of steps.entries()) {
        const seq = index + 1;
        const changes = [{ ...change, facility: { ...change.facility, version: seq } }];
        const head = { ...newHead(region, 'e1'), seq, revision: seq };
        await get().ledger.commit({ head, entry: anEntry(changes, { region, seq }) });
      }
      return region;
    }

    const statuses = async (region: string, from: string, to: string, limit = 10) => {
      const window = { fromMs: at(from), toMs: at(to) };
      const found = await get().history.transitions(region, id, window, limit);
      return found.map(({ status, atMs, version }) => [status, atMs, version]);
    };

    test('TR5 transitions come oldest first, the beginning of the window included, its end not', async () => {
      const region = await aMorning();
      expect(await statuses(region, '10:00', '11:00')).toEqual([
        ['online', at('10:00'), 1],
        ['offline', at('10:30'), 2],
      ]);
      expect(await statuses(region, '10:00:00.001', '11:00:00.001')).toEqual([
        ['offline', at('10:30'), 2],
        ['online', at('11:00'), 3],
      ]);
      expect(await statuses(region, '09:00', '12:00', 1)).toHaveLength(1);
    });

    test('TR5 a history of more than a megabyte is told to its end, and no further than asked for', async () => {
      const region = unique('r').padEnd(64, 'r');
      const longest = 'f'.repeat(128);
      const changes = Array.from({ length: 3_500 }, (_, index) => ({
        facility: aFacility(longest, { sinceMs: at('10:00') + index * 1_000, version: index + 1 }),
        transition: true,
        lastedMs: 1_000,
      }));
      await get().keep(anEntry(changes, { region, seq: 1 }));
      const window = { fromMs: at('10:00'), toMs: at('12:00') };
      const told = await get().history.transitions(region, longest, window, 5_001);
      expect(told.map(({ version }) => version)).toEqual(changes.map(({ facility }) => facility.version));
      expect(await get().history.transitions(region, longest, window, 3_400)).toHaveLength(3_400);
    });

    test('TR5 a transition is told whole', async () => {
      const region = await aMorning();
      expect(await get().history.lastBefore(region, id, at('11:00'))).toEqual({
        facility: id,
        status: 'offline',
        atMs: at('10:30'),
        decidedAtMs: at('09:30:02'),
        decidedAsOfMs: at('09:30:01'),
        reason: 'timeout',
        version: 2,
        lastedMs: 1_800_000,
      });
    });

    test('TR5 nothing is before the first, and nothing is told of another facility', async () => {
      const region = await aMorning();
      expect(await get().history.lastBefore(region, id, at('10:00'))).toBeUndefined();
      expect(await get().history.lastBefore(region, 'lab', at('12:00'))).toBeUndefined();
    });
  },
);
