import { DynamoFence } from '../../adapters/aws/fence';
import { MemoryFence } from '../../adapters/memory/fence';
import type { Fence } from '../../core/ports';
import { onEveryStore } from './implementations';

onEveryStore<Fence>(
  'Fence',
  () => new MemoryFence(),
  (client, tables) => new DynamoFence(client, tables.regions),
  (get) => {
    test('CD1 whoever took over last is current, and nobody else', async () => {
      const older = await get().take();
      expect(await get().isCurrent(older)).toBe(true);
      const newer = await get().take();
      expect(await get().isCurrent(older)).toBe(false);
      expect(await get().isCurrent(newer)).toBe(true);
    });

    test('CD1 a turn that was never taken is not current', async () => {
      const turn = await get().take();
      expect(await get().isCurrent(turn + 1)).toBe(false);
    });

    test('CD1 of many that take over at once each has a turn of its own, and one is current', async () => {
      const turns = await Promise.all([1, 2, 3, 4].map(() => get().take()));
      expect(new Set(turns).size).toBe(4);
      const current = await Promise.all(turns.map((turn) => get().isCurrent(turn)));
      expect(current.filter((isCurrent) => isCurrent)).toHaveLength(1);
      expect(current[turns.indexOf(Math.max(...turns))]).toBe(true);
    });
  },
);
