import { versions } from '../../core/versions';
import { at, type BeatWords, minutes, seconds } from '../support/builders';
import { aMonitor } from '../support/heartbeat-monitor-scene';
import { aBatch, type RecordWords, shardId } from '../support/kinesis-records';

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
  test('given beats every 30 s, then of 42 of them 20 are written: every second one, and after each tenth write one less', async () => {
    const { receive, stored, mark } = aMonitor();
    for (let beat = 0; beat < 42; beat += 1) {
      await receive({ at: at('10:00') + seconds(30 * beat), seq: beat });
    }
    expect(await stored()).toMatchObject({ revision: 20, startedAtMs: at('10:00') });
    expect(await mark()).toBe(1);
  });

  test('given the function starts anew, when a beat arrives, then nothing is forgotten', async () => {
    const { receive, stored, start } = aMonitor();
    await receive({ at: at('10:00') });
    await start()(aBatch({ at: at('10:00:30') }));
    expect(await stored()).toMatchObject({ revision: 1 });
  });

  test('given another copy of the function had the beat before, then what this one remembers is not believed', async () => {
    const { receive, stored, start } = aMonitor();
    const other = start();
    await receive({ at: at('10:00'), seq: 1, covers: ['a'] });
    await other(aBatch({ at: at('10:00:05'), seq: 2, covers: ['b'] }));
    await receive({ at: at('10:00:10'), seq: 3, covers: ['a'] });
    expect(await stored()).toMatchObject({ covers: ['a'], coversSinceMs: at('10:00:10') });
  });

  test('given beats that carry no seq, then nothing remembered is believed', async () => {
    const { receive, stored, start } = aMonitor();
    const other = start();
    await receive({ at: at('10:00'), covers: ['a'] });
    await other(aBatch({ at: at('10:00:05'), covers: ['b'] }));
    await receive({ at: at('10:00:35'), covers: ['a'] });
    expect(await stored()).toMatchObject({ covers: ['a'], coversSinceMs: at('10:00:35') });
  });

  test('given each beat follows the one before, then only the first one is looked up', async () => {
    const { receive, sessions } = aMonitor();
    await receive({ at: at('10:00'), seq: 1 });
    sessions.loadFails = true;
    expect(await receive({ at: at('10:00:30'), seq: 2 })).toEqual([]);
    expect(await receive({ at: at('10:01:30'), seq: 4 })).toEqual(['1']);
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

describe('HB8 what a later release has written waits for it', () => {
  const later = (words: RecordWords): string => {
    const [record] = aBatch(words).Records;
    const text = Buffer.from(record?.kinesis.data ?? '', 'base64').toString();
    return JSON.stringify({ ...JSON.parse(text), v: versions.record + 1, more: true });
  };

  test.each<[string, RecordWords]>([
    ['a beat', { session: 'b' }],
    ['a canary', { canary: 'shard' }],
  ])(
    'given %s of a later version among others, when the batch arrives, then it alone goes back',
    async (_, words) => {
      const { receive, stored, deadLetters } = aMonitor();

      expect(await receive({ session: 'a' }, later(words), { session: 'c' })).toEqual(['2']);

      expect(await stored({ session: 'c' })).toBeDefined();
      expect(deadLetters.letters.size).toBe(0);
    },
  );

  test('given no release came for it within a minute, when it arrives again, then it is a dead letter', async () => {
    const { receive, deadLetters, clock } = aMonitor();
    const record = later({ session: 'b' });
    expect(await receive(record)).toEqual(['1']);

    clock.advance(minutes(1));

    expect(await receive(record)).toEqual([]);
    expect(deadLetters.letters.size).toBe(1);
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
