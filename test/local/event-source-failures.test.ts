import { crashed, failing, functionArn, MappingScene, processed, shardOne, streamArn } from './mapping-scene';

const second = 1_000;

describe('failures', () => {
  test('given a function that fails twice, when it is retried, then the pauses double and later records wait', async () => {
    const times: number[] = [];
    const scene = new MappingScene(() => {
      times.push(scene.clock.now());
      return times.length <= 2 ? crashed : processed;
    });
    const startMs = scene.clock.now();
    scene.stream.put(['a']);
    scene.mapping.start();
    await scene.clock.advance(0);
    scene.stream.put(['b']);

    await scene.clock.advance(10 * second);

    expect(times.map((at) => at - startMs)).toEqual([0, 1 * second, 3 * second, 3 * second]);
    expect(scene.batches).toEqual([['a'], ['a'], ['a'], ['b']]);
    await scene.mapping.stop();
  });

  test('given bisection, when one record is poison, then it ends alone and the others are processed once', async () => {
    const scene = new MappingScene((texts) => (texts.includes('poison') ? crashed : processed), {
      bisectOnError: true,
      maxRetries: 1,
    });
    scene.stream.put(['a', 'b', 'poison', 'c']);

    await scene.runFor(5 * second);

    expect(scene.batches).toEqual([
      ['a', 'b', 'poison', 'c'],
      ['a', 'b'],
      ['poison', 'c'],
      ['poison'],
      ['poison'],
      ['c'],
    ]);
    expect(scene.discarded).toHaveLength(1);
  });

  test('given retries that are used up, when the batch fails again, then it is discarded with AWS’s document', async () => {
    const scene = new MappingScene(() => crashed, { maxRetries: 1 });
    const [first, last] = scene.stream.put(['a', 'b']);

    await scene.runFor(1_500);

    const [discarded] = scene.discarded;
    expect(discarded?.key).toMatch(
      /^aws\/lambda\/[0-9a-f-]{36}\/shardId-000000000000\/2026\/11\/24\/2026-11-24T10\.00\.01-[0-9a-f-]{36}$/,
    );
    expect(discarded?.document).toEqual({
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: '2026-11-24T10:00:01.000Z',
      KinesisBatchInfo: {
        shardId: shardOne,
        startSequenceNumber: first,
        endSequenceNumber: last,
        approximateArrivalOfFirstRecord: '2026-11-24T10:00:00.000Z',
        approximateArrivalOfLastRecord: '2026-11-24T10:00:00.000Z',
        batchSize: 2,
        streamArn,
      },
      payload: JSON.stringify(scene.events[0]),
    });
    expect(scene.checkpoints.last(shardOne)).toBe(last);
  });

  test('given a record that grew too old, when its batch is retried, then it alone is discarded', async () => {
    const scene = new MappingScene((texts) => (texts.includes('old') ? crashed : processed), {
      maxRecordAgeMs: 6 * second,
    });
    const [old] = scene.stream.put(['old']);
    await scene.clock.advance(5 * second);
    scene.stream.put(['young']);

    await scene.runFor(4 * second);

    expect(scene.batches).toEqual([['old', 'young'], ['old', 'young'], ['young']]);
    expect(scene.discarded).toHaveLength(1);
    expect(scene.discarded[0]?.document).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 2 },
      KinesisBatchInfo: { batchSize: 1, endSequenceNumber: old },
    });
  });

  test('given records that are too old from the start, when it polls, then no function sees them', async () => {
    const scene = new MappingScene(() => processed, { maxRecordAgeMs: 60 * second });
    scene.stream.put(['old', 'older']);
    await scene.clock.advance(61 * second);
    scene.stream.put(['young']);

    await scene.runFor(0);

    expect(scene.batches).toEqual([['young']]);
    expect(scene.discarded[0]?.document).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
      KinesisBatchInfo: { batchSize: 2 },
    });
    expect(scene.discarded[0]?.document).not.toHaveProperty('responseContext');
  });

  test('given a throttled function, when it is free again, then no retry was used up', async () => {
    let throttles = 0;
    const scene = new MappingScene(
      () => {
        throttles += 1;
        return throttles <= 3 ? { kind: 'throttled' } : processed;
      },
      { maxRetries: 0 },
    );
    scene.stream.put(['a']);

    await scene.runFor(8 * second);

    expect(scene.batches).toHaveLength(4);
    expect(scene.discarded).toEqual([]);
    expect(scene.checkpoints.last(shardOne)).toBeDefined();
  });

  test('given a destination that fails, when records are discarded, then the shard goes on and the log says so', async () => {
    const scene = new MappingScene((texts) => (texts.includes('bad') ? crashed : processed), {
      batchSize: 1,
      maxRetries: 0,
      onDiscard: () => Promise.reject(new Error('disk full')),
    });
    scene.stream.put(['bad', 'good']);

    await scene.runFor(second);

    expect(scene.batches).toEqual([['bad'], ['good']]);
    expect(scene.log.errors).toContain('Discarded records could not be stored: Error: disk full');
  });
});

describe('partial batch responses', () => {
  test('given several failed records, when they are reported, then the lowest is where the next batch begins', async () => {
    const scene = new MappingScene(() => (scene.events.length === 1 ? failing(last, earliest) : processed));
    const [, earliest = '', , last = ''] = scene.stream.put(['a', 'b', 'c', 'd']);

    await scene.runFor(0);

    expect(scene.batches).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd'],
    ]);
  });

  test('given a mapping that does not ask for item failures, when some are reported, then they mean nothing', async () => {
    const scene = new MappingScene(() => failing(first), { reportBatchItemFailures: false });
    const [first = ''] = scene.stream.put(['a']);

    await scene.runFor(10 * second);

    expect(scene.batches).toEqual([['a']]);
  });

  test.each([
    ['null', null],
    ['an empty text', ''],
    ['an empty object', {}],
    ['an empty list', []],
    ['a null list', { batchItemFailures: null }],
    ['an empty list of failures', { batchItemFailures: [] }],
  ])('given a function that answers %s, then the batch is processed', async (_, value) => {
    const scene = new MappingScene(() => ({ kind: 'returned', value }), { maxRetries: 0 });
    scene.stream.put(['a']);

    await scene.runFor(0);

    expect(scene.discarded).toEqual([]);
    expect(scene.checkpoints.last(shardOne)).toBeDefined();
  });

  test.each([
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a wrong key', { batchItemFailures: [{ foo: '1' }] }],
    ['an identifier of no record', { batchItemFailures: [{ itemIdentifier: '1' }] }],
    ['no list', { batchItemFailures: 'all' }],
    ['no object', 'done'],
  ])('given a function that answers %s, then the whole batch fails', async (_, value) => {
    const scene = new MappingScene(() => ({ kind: 'returned', value }), { maxRetries: 0 });
    scene.stream.put(['a']);

    await scene.runFor(0);

    expect(scene.discarded[0]?.document).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
      responseContext: { functionError: null },
    });
  });
});

describe('the event', () => {
  test('given a record, when it is delivered, then the event is as AWS shapes it', async () => {
    const scene = new MappingScene(() => processed);
    await scene.clock.advance(250);
    const [sequenceNumber] = scene.stream.put(['hello']);

    await scene.runFor(0);

    expect(scene.events).toEqual([
      {
        Records: [
          {
            kinesis: {
              kinesisSchemaVersion: '1.0',
              partitionKey: 'p',
              sequenceNumber,
              data: 'aGVsbG8=',
              approximateArrivalTimestamp: Date.parse('2026-11-24T10:00:00.250Z') / 1_000,
            },
            eventSource: 'aws:kinesis',
            eventVersion: '1.0',
            eventID: `shardId-000000000000:${sequenceNumber}`,
            eventName: 'aws:kinesis:record',
            invokeIdentityArn: 'arn:aws:iam::000000000000:role/local',
            awsRegion: 'eu-west-1',
            eventSourceARN: streamArn,
          },
        ],
      },
    ]);
  });
});

describe('stopping and pausing', () => {
  test('given a function that hangs, when the mapping is stopped, then it stops and the batch stays undelivered', async () => {
    const scene = new MappingScene(() => new Promise(() => {}));
    scene.stream.put(['a']);

    await scene.runFor(second);

    expect(scene.batches).toEqual([['a']]);
    expect(scene.checkpoints.last(shardOne)).toBeUndefined();
  });

  test('given checkpoints of an earlier run, when a mapping starts with them, then it goes on behind them', async () => {
    const earlier = new MappingScene(() => processed);
    earlier.stream.put(['a']);
    await earlier.runFor(0);
    const later = new MappingScene(() => processed, {
      checkpoints: earlier.checkpoints,
      streams: earlier.stream,
    });
    earlier.stream.put(['b']);

    await later.runFor(0);

    expect(later.batches).toEqual([['b']]);
  });

  test('given a paused mapping, when it is resumed, then what waited is delivered within a poll', async () => {
    const scene = new MappingScene(() => processed);
    scene.mapping.start();
    await scene.clock.advance(0);
    scene.mapping.pause();
    scene.stream.put(['a']);

    await scene.clock.advance(10 * second);
    const whilePaused = scene.batches;
    scene.mapping.resume();
    await scene.clock.advance(second);

    expect(whilePaused).toEqual([]);
    expect(scene.batches).toEqual([['a']]);
    await scene.mapping.stop();
  });
});
