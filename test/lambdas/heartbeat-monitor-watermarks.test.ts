import { at, seconds } from '../support/builders';
import { aMonitor } from '../support/heartbeat-monitor-scene';
import { shardId } from '../support/kinesis-records';

describe('TR2 watermarks', () => {
  const canaryAt = (time: string, canary: 'shard' | 'endpoint' = 'shard') => ({ canary, at: at(time) });

  test('given a batch, when it is processed, then the shard is known to be, less two seconds', async () => {
    const monitor = aMonitor();
    await monitor.receive({ at: at('09:59:50') }, { session: 's2', at: at('09:59:58') });
    expect(await monitor.watermarks.read()).toEqual({
      shards: new Map([[shardId, at('09:59:56')]]),
      endpoint: { canaryMs: 0 },
    });
  });

  test('given batches in a row, when they hold no canary, then the watermark is written every 2 s at most', async () => {
    const monitor = aMonitor();
    await monitor.receive({ at: at('09:59:50') });
    await monitor.receive({ at: at('09:59:55') });
    expect((await monitor.watermarks.read()).shards.get(shardId)).toBe(at('09:59:48'));
    monitor.clock.advance(seconds(2));
    await monitor.receive({ at: at('09:59:57') });
    expect((await monitor.watermarks.read()).shards.get(shardId)).toBe(at('09:59:55'));
  });

  test('given a canary, when it is processed, then that is noted at once', async () => {
    const monitor = aMonitor();
    await monitor.receive({ at: at('09:59:50') });
    await monitor.receive(canaryAt('09:59:55'));
    expect((await monitor.watermarks.read()).shards.get(shardId)).toBe(at('09:59:53'));
  });

  test('given a canary of the endpoint, when it is processed, then its arrival is noted', async () => {
    const monitor = aMonitor();
    expect(await monitor.receive(canaryAt('09:59:55', 'endpoint'))).toEqual([]);
    expect((await monitor.watermarks.read()).endpoint.canaryMs).toBe(at('09:59:55'));
    expect(monitor.deadLetters.letters.size).toBe(0);
  });

  test('given a record fails, when later ones do not, then the watermark stays before it', async () => {
    const monitor = aMonitor();
    monitor.sessions.failing.add('s2');
    const batch = [{ at: at('09:59:50') }, { session: 's2', at: at('09:59:51') }, canaryAt('09:59:55')];
    expect(await monitor.receive(...batch)).toEqual(['2']);
    expect((await monitor.watermarks.read()).shards.get(shardId)).toBe(at('09:59:48'));
  });

  test('given marks cannot be raised, when sessions can be written, then nothing counts as processed', async () => {
    const monitor = aMonitor();
    monitor.ledger.failing = true;
    await monitor.receive({ at: at('09:59:50') });
    expect((await monitor.watermarks.read()).shards).toEqual(new Map());
  });

  test('given a watermark cannot be written, when the batch is processed, then it need not come again', async () => {
    const monitor = aMonitor();
    monitor.watermarks.failing = true;
    expect(await monitor.receive({ at: at('09:59:50') })).toEqual([]);
    expect(monitor.log.errors).toHaveLength(1);
  });

  test('HB8 given something that only looks like a canary, when it is read, then it is a dead letter', async () => {
    const monitor = aMonitor();
    await monitor.receive('{"canary":"golden"}');
    expect([...monitor.deadLetters.letters.values()]).toMatchObject([
      { why: 'canary: expected shard or endpoint' },
    ]);
  });
});
