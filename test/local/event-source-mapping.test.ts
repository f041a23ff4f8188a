import { MappingScene, processed, shardOne } from './mapping-scene';

const left = 'shardId-000000000001';
const second = 1_000;

const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${index}`);

describe('polling', () => {
  test('given records from before the start, when it starts, then they are delivered in order (TRIM_HORIZON)', async () => {
    const scene = new MappingScene(() => processed);
    scene.stream.put(['a', 'b', 'c']);

    await scene.runFor(0);

    expect(scene.batches).toEqual([['a', 'b', 'c']]);
  });

  test('given a mapping that has caught up, when a record is put, then it waits for the next poll', async () => {
    const scene = new MappingScene(() => processed);
    scene.mapping.start();
    await scene.clock.advance(300);

    scene.stream.put(['late']);
    await scene.clock.advance(699);
    const beforePoll = scene.batches;
    await scene.clock.advance(1);

    expect(beforePoll).toEqual([]);
    expect(scene.batches).toEqual([['late']]);
    await scene.mapping.stop();
  });

  test('given more records than a batch holds, when it polls, then it goes on until it has caught up', async () => {
    const scene = new MappingScene(() => processed, { batchSize: 2 });
    scene.stream.put(['a', 'b', 'c', 'd', 'e']);

    await scene.runFor(0);

    expect(scene.batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('given records of more than 6 MB, when it polls, then a batch holds what fits into one invocation', async () => {
    const scene = new MappingScene(() => processed);
    scene.stream.put(numbered(8).map((digit) => digit.repeat(1_000_000)));

    await scene.runFor(0);

    expect(scene.batches.map((batch) => batch.length)).toEqual([4, 4]);
  });

  test('given a batching window, when few records are there, then they wait for more until it is over', async () => {
    const scene = new MappingScene(() => processed, { batchWindowMs: 3 * second });
    scene.stream.put(['a']);
    scene.mapping.start();

    await scene.clock.advance(2 * second);
    scene.stream.put(['b']);
    const early = scene.batches;
    await scene.clock.advance(second);

    expect(early).toEqual([]);
    expect(scene.batches).toEqual([['a', 'b']]);
    await scene.mapping.stop();
  });

  test('given a stream that cannot be read for a while, when it can again, then nothing is lost', async () => {
    const scene = new MappingScene(() => processed);
    scene.stream.put(['a']);
    scene.stream.outage = new Error('no such stream');
    scene.mapping.start();

    await scene.clock.advance(second);
    scene.stream.outage = undefined;
    await scene.clock.advance(3 * second);

    expect(scene.log.errors).toContain('A shard could not be polled: Error: no such stream');
    expect(scene.batches).toEqual([['a']]);
    await scene.mapping.stop();
  });
});

describe('shards', () => {
  test('given two shards, when a batch of one is stuck, then the other goes on', async () => {
    const scene = new MappingScene((texts) => (texts.includes('stuck') ? new Promise(() => {}) : processed));
    scene.stream.open(left);
    scene.stream.put(['stuck']);
    scene.stream.put(['free'], left);
    scene.mapping.start();

    await scene.clock.advance(second);
    scene.stream.put(['freer'], left);
    await scene.clock.advance(second);

    expect(scene.batches).toEqual([['stuck'], ['free'], ['freer']]);
    await scene.mapping.stop();
  });

  test('given a shard is made to stick, when it is let go, then it goes on where it was, and the others never stopped', async () => {
    const scene = new MappingScene(() => processed);
    scene.stream.open(left);
    scene.mapping.stick([left]);
    scene.stream.put(['held'], left);
    scene.stream.put(['free']);
    scene.mapping.start();

    await scene.clock.advance(5 * second);
    const whileStuck = scene.batches;
    scene.mapping.stick([]);
    await scene.clock.advance(2 * second);

    expect(whileStuck).toEqual([['free']]);
    expect(scene.batches).toEqual([['free'], ['held']]);
    await scene.mapping.stop();
  });

  test('given a split, when the parent still holds records, then the child is read only after them', async () => {
    const scene = new MappingScene(() => processed, { batchSize: 1 });
    scene.stream.put(['parent 1', 'parent 2']);
    scene.stream.open(left, [shardOne]);
    scene.stream.put(['child'], left);
    scene.mapping.start();

    await scene.clock.advance(5 * second);
    const whileOpen = scene.batches;
    scene.stream.close(shardOne);
    await scene.clock.advance(2 * second);

    expect(whileOpen).toEqual([['parent 1'], ['parent 2']]);
    expect(scene.batches).toEqual([['parent 1'], ['parent 2'], ['child']]);
    await scene.mapping.stop();
  });

  test('given a child whose parent the stream no longer lists, when it starts, then the child is read', async () => {
    const scene = new MappingScene(() => processed);
    scene.stream.open(left, [shardOne]);
    scene.stream.put(['child'], left);
    scene.stream.forget(shardOne);

    await scene.runFor(second);

    expect(scene.batches).toEqual([['child']]);
  });
});
