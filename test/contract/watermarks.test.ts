import { DynamoWatermarks } from '../../adapters/aws/watermarks';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import { newStanding } from '../../core/as-of';
import type { Watermarks } from '../../core/ports';
import { defaultTimings } from '../../core/timings';
import { onEveryStore, unique } from './implementations';

const second = 1_000;

onEveryStore<Watermarks>(
  'Watermarks',
  () => new MemoryWatermarks(defaultTimings),
  (client, tables) => new DynamoWatermarks(client, tables.watermarks, defaultTimings),
  (get) => {
    test('TR2 before anything is processed nothing is claimed', async () => {
      expect(await get().told()).toBe(0);
      expect(await get().standing()).toEqual(newStanding);
      expect(await get().read()).toEqual({ shards: new Map(), endpoint: { canaryMs: 0 } });
    });

    test('TR2 each shard has its own watermark, which never steps back', async () => {
      const [one, other] = [unique('shard'), unique('shard')];
      await get().advanceShard(one, 5_000);
      await get().advanceShard(other, 9_000);
      await get().advanceShard(one, 4_000);
      const { shards } = await get().read();
      expect([shards.get(one), shards.get(other)]).toEqual([5_000, 9_000]);
    });

    test('TR2 the endpoint is known by its last canary, which never steps back', async () => {
      await get().advanceEndpoint(9_000);
      await get().advanceEndpoint(8_000);
      expect((await get().read()).endpoint.canaryMs).toBe(9_000);
    });

    test('TR1 refusals in a row are one series, which begins anew after a calm', async () => {
      const refusals = async () => (await get().read()).endpoint.refusals;
      await get().noteRefusal(100 * second);
      await get().noteRefusal(105 * second);
      await get().noteRefusal(115 * second);
      expect(await refusals()).toEqual({ fromMs: 100 * second, untilMs: 115 * second });
      await get().noteRefusal(114 * second);
      expect(await refusals()).toEqual({ fromMs: 100 * second, untilMs: 115 * second });
      await get().noteRefusal(126 * second);
      expect(await refusals()).toEqual({ fromMs: 126 * second, untilMs: 126 * second });
    });

    test('TR3 of two monitors that stand somewhere else one is stored, and the other told so', async () => {
      const before = await get().standing();
      const gaps = [{ fromMs: 1, untilMs: 90_000 }];
      expect(await get().saveStanding({ ...before, asOfMs: 90_000, endpointMs: 95_000, gaps })).toBe(true);
      expect(await get().saveStanding({ ...before, asOfMs: 80_000 })).toBe(false);
      const stored = await get().standing();
      expect(stored).toEqual({
        asOfMs: 90_000,
        endpointMs: 95_000,
        gaps,
        revision: before.revision + 1,
      });
      expect(await get().saveStanding({ ...stored, asOfMs: 99_000 })).toBe(true);
    });

    test('TR1 what was told never steps back', async () => {
      await get().noteTold(9_000);
      await get().noteTold(8_000);
      expect(await get().told()).toBe(9_000);
    });
  },
);
