import fc from 'fast-check';
import {
  type EndpointMark,
  endpointMs,
  freshnessOf,
  newStanding,
  type Shard,
  type Standing,
  shardsMs,
  standingAfter,
} from '../../core/as-of';
import { defaultTimings } from '../../core/timings';
import { at, minutes, property, seconds } from '../support/builders';

const t = defaultTimings;

const shard = (shardId: string, given: Partial<Shard> = {}): Shard => ({
  shardId,
  parents: [],
  open: true,
  firstHashKey: '0',
  ...given,
});

describe('TR2 the smallest watermark of the open shards', () => {
  const watermarks = new Map([
    ['a', at('10:00')],
    ['b', at('10:01')],
  ]);

  test('counts each of them, and no closed one', () => {
    expect(shardsMs([shard('a'), shard('b')], watermarks)).toBe(at('10:00'));
    expect(shardsMs([shard('a', { open: false }), shard('b')], watermarks)).toBe(at('10:01'));
  });

  test('is frozen while one without parents has none, and without any shard', () => {
    expect(shardsMs([shard('a'), shard('new')], watermarks)).toBe(0);
    expect(shardsMs([], watermarks)).toBe(0);
  });

  test('after a split takes a child without one as its parent, which is read to its end before it', () => {
    const shards = [shard('a', { open: false }), shard('left', { parents: ['a'] }), shard('b')];
    expect(shardsMs(shards, watermarks)).toBe(at('10:00'));
    expect(shardsMs(shards, new Map([...watermarks, ['left', at('10:02')]]))).toBe(at('10:01'));
  });

  test('after a merge takes the child as the smaller of its parents', () => {
    const closed = [shard('a', { open: false }), shard('b', { open: false })];
    expect(shardsMs([...closed, shard('child', { parents: ['a', 'b'] })], watermarks)).toBe(at('10:00'));
  });

  test('goes back as many generations as have no watermark', () => {
    const shards = [
      shard('a', { open: false }),
      shard('left', { parents: ['a'], open: false }),
      shard('leftmost', { parents: ['left'] }),
    ];
    expect(shardsMs(shards, watermarks)).toBe(at('10:00'));
    expect(shardsMs(shards.slice(1), new Map())).toBe(0);
  });
});

describe('TR1 the endpoint', () => {
  const canaryMs = at('10:00');
  const served = (refusals: EndpointMark['refusals'], time: string) =>
    endpointMs({ canaryMs, ...(refusals && { refusals }) }, at(time), t);

  test('served until its last canary', () => {
    expect(served(undefined, '10:05')).toBe(canaryMs);
  });

  test('served nothing past the first beat that it turns away, as long as it does', () => {
    const refusals = { fromMs: at('09:59:30'), untilMs: at('10:00:05') };
    expect(served(refusals, '10:00:15')).toBe(at('09:59:28'));
    expect(served(refusals, '10:00:15.001')).toBe(canaryMs);
  });
});

describe('TR3 where a tick stands', () => {
  const shards = [shard('a')];
  const tick = (before: Standing, watermark: number, canaryMs: number, nowMs: number): Standing =>
    standingAfter(before, shards, { shards: new Map([['a', watermark]]), endpoint: { canaryMs } }, nowMs, t);
  const steady: Standing = { asOfMs: at('10:00'), endpointMs: at('10:00:02'), gaps: [], revision: 7 };

  test('as-of is the smaller of what the shards and the endpoint say', () => {
    expect(tick(steady, at('10:00:05'), at('10:00:07'), at('10:00:10')).asOfMs).toBe(at('10:00:05'));
    expect(tick(steady, at('10:00:09'), at('10:00:07'), at('10:00:10')).asOfMs).toBe(at('10:00:07'));
  });

  test('as-of never steps back', () => {
    expect(tick(steady, at('09:00'), at('09:00'), at('10:00:10'))).toEqual(steady);
  });

  test('a steady pace leaves no gap', () => {
    expect(tick(steady, at('10:00:10'), at('10:00:12'), at('10:00:15')).gaps).toEqual([]);
  });

  test('where the endpoint took nothing for long, beats may have been lost', () => {
    const { gaps } = tick(steady, at('10:00:05'), at('10:00:12.001'), at('10:00:15'));
    expect(gaps).toEqual([{ fromMs: at('10:00:02'), untilMs: at('10:00:12.001') }]);
  });

  test('where as-of jumped, records may have been discarded', () => {
    const { gaps } = tick(
      { ...steady, endpointMs: at('10:03') },
      at('10:03'),
      at('10:03:05'),
      at('10:03:10'),
    );
    expect(gaps).toEqual([{ fromMs: at('10:00'), untilMs: at('10:03') }]);
  });

  test('given a shard crawls through a time in which the endpoint was down, the gap is still known', () => {
    let standing = tick(steady, at('10:00:05'), at('10:02'), at('10:02:05'));
    for (let passed = 10; passed <= 120; passed += 5) {
      standing = tick(standing, at('10:00') + seconds(passed), at('10:02'), at('10:02:05') + seconds(passed));
    }
    expect(standing.asOfMs).toBe(at('10:02'));
    expect(standing.gaps).toEqual([{ fromMs: at('10:00:02'), untilMs: at('10:02') }]);
  });

  test('gaps that nobody waits for any more are forgotten', () => {
    const gaps = [{ fromMs: at('08:00'), untilMs: at('08:10') }];
    expect(tick({ ...steady, gaps }, at('10:00:05'), at('10:00:07'), at('10:00:10')).gaps).toEqual([]);
  });

  test('the first tick of all knows nothing of the time before', () => {
    const { asOfMs, gaps } = tick(newStanding, at('10:00'), at('10:00'), at('10:00:05'));
    expect(asOfMs).toBe(at('10:00'));
    expect(gaps).toEqual([{ fromMs: 0, untilMs: at('10:00'), lossy: true }]);
  });

  test('where the endpoint turned beats away, they were lost, however short it was', () => {
    const refusals = { fromMs: at('10:00:04'), untilMs: at('10:00:04') };
    const endpoint = { canaryMs: at('10:00:09'), refusals };
    const record = { shards: new Map([['a', at('10:00:20')]]), endpoint };
    const refusing = standingAfter(steady, shards, record, at('10:00:14'), t);
    expect(refusing).toMatchObject({ endpointMs: at('10:00:02'), gaps: [] });
    const passed = standingAfter(refusing, shards, record, at('10:00:14.001'), t);
    expect(passed).toMatchObject({ endpointMs: at('10:00:09') });
    expect(passed.gaps[0]).toEqual({ fromMs: at('10:00:02'), untilMs: at('10:00:09'), lossy: true });
  });

  test('given the lag stays at the greatest age of a record, or seems to by a clock that is 30 s behind, each step may have left records out', () => {
    const lagging = (behind: number) =>
      tick(
        { ...steady, endpointMs: at('10:20') },
        at('10:00:03'),
        at('10:20'),
        at('10:00') + seconds(behind),
      );
    expect(lagging(570).gaps).toEqual([]);
    expect(lagging(570.001).gaps).toEqual([{ fromMs: at('10:00'), untilMs: at('10:00:03'), lossy: true }]);
  });

  describe('however often there are gaps, what is remembered of them is bounded', () => {
    /** A hundred gaps of so many seconds, one after the other. */
    const rememberedAfter = (length: number) => {
      let standing = steady;
      for (let count = 1; count <= 100; count += 1) {
        const nowMs = at('10:00') + count * seconds(length);
        standing = tick(standing, nowMs, nowMs, nowMs);
      }
      const covered = (ms: number) => standing.gaps.some((gap) => gap.fromMs <= ms && ms <= gap.untilMs);
      const ago = [0, 5, 10, 20].map((count) => covered(standing.asOfMs - minutes(count)));
      return { count: standing.gaps.length, ago };
    };

    test('given trouble, none of it is left out', () => {
      const { count, ago } = rememberedAfter(40);
      expect(count).toBeLessThanOrEqual(32);
      expect(ago).toEqual([true, true, true, true]);
    });

    test('given slow ticks, the latest are kept, and all together they are no trouble', () => {
      const { count, ago } = rememberedAfter(16);
      expect(count).toBe(32);
      expect(ago).toEqual([true, true, false, false]);
    });
  });

  test('as-of never passes a watermark, whatever came before', () => {
    const instant = fc.integer({ min: at('09:00'), max: at('11:00') });
    fc.assert(
      fc.property(fc.array(fc.tuple(instant, instant), { maxLength: 20 }), (ticks) => {
        let standing = newStanding;
        let [mostShard, mostEndpoint] = [0, 0];
        for (const [watermark, canaryMs] of ticks) {
          standing = tick(standing, watermark, canaryMs, at('11:00'));
          mostShard = Math.max(mostShard, watermark);
          mostEndpoint = Math.max(mostEndpoint, canaryMs);
          expect(standing.asOfMs).toBeLessThanOrEqual(Math.min(mostShard, mostEndpoint));
        }
      }),
      property,
    );
  });
});

test('TR1 the feed is delayed once as-of is older than the freshness limit', () => {
  expect(freshnessOf(at('10:00'), at('10:00:30'), t).delayed).toBe(false);
  expect(freshnessOf(at('10:00'), at('10:00:30.001'), t).delayed).toBe(true);
});
