import { MemoryDeadLetters } from '../../adapters/memory/dead-letters';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import type { Attributes } from '../../core/attributes';
import { TryAgainLater } from '../../core/errors';
import type { DeadLetter, SaveOutcome } from '../../core/ports';
import type { Session } from '../../core/session';
import { defaultTimings } from '../../core/timings';
import { createMonitor } from '../../lambdas/heartbeat-monitor/monitor';
import { aBeat, at, type BeatWords, seconds } from '../support/builders';
import { ListLog } from '../support/http';
import { aBatch, type RecordWords, shardId } from '../support/kinesis-records';

/** A session store with faults to inject. */
class FaultySessions extends MemorySessionStore {
  /** Sessions that cannot be written for now. */
  readonly failing = new Set<string>();
  loadFails = false;
  /** What somebody else does between a read and a write, once. */
  meanwhile: (() => Promise<unknown>) | undefined;

  override async load(keys: Parameters<MemorySessionStore['load']>[0]) {
    if (this.loadFails) throw new TryAgainLater('throttled');
    return await super.load(keys);
  }

  override async save(session: Session, attributes?: Attributes): Promise<SaveOutcome> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (this.failing.has(session.sessionId)) throw new TryAgainLater('throttled');
    return await super.save(session, attributes);
  }
}

class FaultyLedger extends MemoryRegionLedger {
  failing = false;

  override async raiseMark(region: string): Promise<void> {
    if (this.failing) throw new TryAgainLater('throttled');
    await super.raiseMark(region);
  }
}

class FaultyDeadLetters extends MemoryDeadLetters {
  failing = false;

  override async store(letter: DeadLetter): Promise<void> {
    if (this.failing) throw new TryAgainLater('throttled');
    await super.store(letter);
  }
}

class FaultyWatermarks extends MemoryWatermarks {
  failing = false;

  override async advanceShard(shard: string, watermarkMs: number): Promise<void> {
    if (this.failing) throw new TryAgainLater('throttled');
    await super.advanceShard(shard, watermarkMs);
  }
}

/** A monitor at ten with empty stores. */
function aMonitor() {
  const ports = {
    sessions: new FaultySessions(),
    ledger: new FaultyLedger(),
    deadLetters: new FaultyDeadLetters(),
    watermarks: new FaultyWatermarks(defaultTimings),
    clock: new VirtualClock(at('10:00')),
    log: new ListLog(),
  };
  const start = () => createMonitor(ports, defaultTimings);
  const handle = start();
  /** Hands over a batch. @returns the numbers of the records that go back */
  const receive = async (...records: readonly RecordWords[]): Promise<readonly string[]> => {
    const { batchItemFailures } = await handle(aBatch(...records));
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const stored = async (words: BeatWords = {}): Promise<Session | undefined> =>
    (await ports.sessions.load([aBeat(words)]))[0];
  const mark = async (region = 'north') => (await ports.ledger.read(region)).mark;
  return { ...ports, start, receive, stored, mark };
}

describe('HB5 beats become sessions', () => {
  test('given a batch of several sessions, when it arrives, then each is stored at its arrival time', async () => {
    const { receive, stored } = aMonitor();
    expect(await receive({ session: 'a', at: at('10:00:01.250') }, { session: 'b' })).toEqual([]);
    expect(await stored({ session: 'a' })).toMatchObject({ startedAtMs: at('10:00:01.250') });
    expect(await stored({ session: 'b' })).toMatchObject({ startedAtMs: at('10:00') });
  });

  test('given beats of one session in a batch, when it arrives, then one write holds them all', async () => {
    const { receive, stored } = aMonitor();
    await receive({ at: at('10:00') }, { at: at('10:01') }, { at: at('10:01:05'), next: 0 });
    expect(await stored()).toMatchObject({ revision: 1, leftAtMs: at('10:01:05') });
  });

  test('given somebody wrote the session meanwhile, when it is saved, then both are merged', async () => {
    const { receive, stored, sessions, start } = aMonitor();
    await receive({ at: at('10:00') });
    const other = start();
    sessions.meanwhile = () => other(aBatch({ at: at('10:02'), next: 0 }));
    expect(await receive({ at: at('10:01:30') })).toEqual([]);
    expect(await stored()).toMatchObject({ leftAtMs: at('10:02'), revision: 2 });
  });
});

describe('HB6 renewals', () => {
  test('given beats every 30 s, when ten minutes pass, then every second one is written', async () => {
    const { receive, stored, mark } = aMonitor();
    for (let beat = 0; beat <= 20; beat += 1) await receive({ at: at('10:00') + seconds(30 * beat) });
    expect(await stored()).toMatchObject({ revision: 11, startedAtMs: at('10:00') });
    expect(await mark()).toBe(1);
  });

  test('given the function starts anew, when a beat arrives, then nothing is forgotten', async () => {
    const { receive, stored, start } = aMonitor();
    await receive({ at: at('10:00') });
    await start()(aBatch({ at: at('10:00:30') }));
    expect(await stored()).toMatchObject({ revision: 1 });
  });

  test('given a write failed, when the beat comes again, then it is written: nothing was cached', async () => {
    const { receive, stored, sessions } = aMonitor();
    sessions.failing.add('s1');
    expect(await receive({})).toEqual(['1']);
    sessions.failing.clear();
    expect(await receive({})).toEqual([]);
    expect(await stored()).toMatchObject({ revision: 1 });
  });
});

describe('CD5 the mark of a region', () => {
  test.each<[string, BeatWords[], number]>([
    ['joined', [{}], 1],
    ['renewed', [{}, { at: at('10:01') }], 1],
    ['covers something else', [{}, { at: at('10:00:05'), covers: ['b'] }], 2],
    ['left', [{}, { at: at('10:00:05'), next: 0 }], 2],
    ['came back from silence', [{}, { at: at('10:30') }], 2],
  ])('after a session that %s', async (_, beats, expected) => {
    const { receive, mark } = aMonitor();
    for (const beat of beats) await receive(beat);
    expect(await mark()).toBe(expected);
  });

  test('is raised once for a batch and region', async () => {
    const { receive, mark } = aMonitor();
    await receive({ session: 'a' }, { session: 'b' }, { session: 'c', region: 'south' });
    expect([await mark('north'), await mark('south')]).toEqual([1, 1]);
  });

  test('is raised again on a retry, when raising it failed after the session was written', async () => {
    const { receive, mark, ledger, stored } = aMonitor();
    ledger.failing = true;
    expect(await receive({ session: 'a' }, { session: 'b' })).toEqual(['1', '2']);
    expect(await stored({ session: 'a' })).toMatchObject({ revision: 1 });
    ledger.failing = false;
    expect(await receive({ session: 'a' }, { session: 'b' })).toEqual([]);
    expect(await mark()).toBe(1);
    expect(await stored({ session: 'a' })).toMatchObject({ revision: 1 });
  });

  test('is raised by a renewal that was read only after its lease had ended', async () => {
    const { receive, mark, clock } = aMonitor();
    await receive({ at: at('10:00') });
    clock.advance(seconds(300));
    await receive({ at: at('10:01') });
    expect(await mark()).toBe(2);
  });
});

describe('HB8 poison', () => {
  test('given a record that nobody can read, when its batch arrives, then it is a dead letter and the rest goes on', async () => {
    const { receive, stored, deadLetters } = aMonitor();
    expect(await receive({ session: 'a' }, '{"v":1', { session: 'b' })).toEqual([]);
    expect([...deadLetters.letters.values()]).toEqual([
      {
        shardId,
        sequenceNumber: '2',
        arrivalMs: at('10:00'),
        partitionKey: 'key',
        payload: Buffer.from('{"v":1').toString('base64'),
        why: 'expected JSON',
      },
    ]);
    expect(await stored({ session: 'a' })).toBeDefined();
    expect(await stored({ session: 'b' })).toBeDefined();
  });

  test('given dead letters cannot be stored, when it arrives, then it alone goes back', async () => {
    const { receive, stored, deadLetters } = aMonitor();
    deadLetters.failing = true;
    expect(await receive({ session: 'a' }, 'poison')).toEqual(['2']);
    expect(await stored({ session: 'a' })).toBeDefined();
  });
});

describe('HB8 transient errors go back to the stream', () => {
  test('given one session cannot be written, when the batch arrives, then only its records go back', async () => {
    const { receive, stored, sessions, log } = aMonitor();
    sessions.failing.add('bad');
    const failed = await receive({ session: 'a' }, { session: 'bad' }, { session: 'b' }, { session: 'bad' });
    expect(failed).toEqual(['2', '4']);
    expect(await stored({ session: 'b' })).toBeDefined();
    expect(log.errors).toHaveLength(1);
  });

  test('given sessions cannot be read, when the batch arrives, then all but the poison go back', async () => {
    const { receive, sessions, deadLetters } = aMonitor();
    sessions.loadFails = true;
    expect(await receive({ session: 'a' }, 'poison', { session: 'b' })).toEqual(['1', '3']);
    expect(deadLetters.letters.size).toBe(1);
  });
});

describe('HB5 attributes', () => {
  const set = (mood: string) => new Map([['mood', mood]]);
  const kept = (monitor: ReturnType<typeof aMonitor>) => monitor.sessions.attributes([aBeat()]);

  test('given a beat that carries them, when it is processed, then they are kept and the region is marked', async () => {
    const monitor = aMonitor();
    await monitor.receive({ attributes: set('happy') });
    await monitor.receive({ at: at('10:00:05'), attributes: set('sad') });
    expect(await kept(monitor)).toEqual([set('sad')]);
    expect(await monitor.mark()).toBe(2);
  });

  test('given a beat without them, when it renews, then they stay', async () => {
    const monitor = aMonitor();
    await monitor.receive({ attributes: set('happy') });
    await monitor.receive({ at: at('10:01') });
    expect(await kept(monitor)).toEqual([set('happy')]);
  });

  test('given the same ones again, when they come, then nothing is written or marked', async () => {
    const monitor = aMonitor();
    await monitor.receive({ attributes: set('happy') });
    await monitor.receive({ at: at('10:00:05'), attributes: set('happy') });
    expect(await monitor.stored()).toMatchObject({ revision: 1 });
    expect(await monitor.mark()).toBe(1);
  });

  test('given beats that overtake each other, when they carry a seq, then the newest by seq wins', async () => {
    const monitor = aMonitor();
    await monitor.receive({ seq: 2, attributes: set('new') });
    await monitor.receive({ at: at('10:00:05'), seq: 1, attributes: set('old') });
    expect(await kept(monitor)).toEqual([set('new')]);
  });

  test('CD5 given a batch is repeated, when its session was written, then the mark is raised again', async () => {
    const monitor = aMonitor();
    await monitor.receive({});
    const again = { at: at('10:00:05'), attributes: set('happy') };
    await monitor.receive(again);
    await monitor.receive(again);
    expect(await monitor.mark()).toBe(3);
  });
});

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
