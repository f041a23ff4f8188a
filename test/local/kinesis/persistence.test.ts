import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Streams } from '../../../local/kinesis/streams';
import { noonMs, shardOne } from './kinesis-scene';

const anHourMs = 3_600_000;

let directory: string;
let nowMs: number;
let open: Streams[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-kinesis-'));
  nowMs = noonMs;
  open = [];
});
afterEach(async () => {
  for (const streams of open) streams.close();
  await rm(directory, { recursive: true });
});

/** As a start of the local runtime opens them. */
function opened(shards = 1): Streams {
  const streams = Streams.open({ now: () => nowMs, directory, retentionMs: anHourMs });
  open.push(streams);
  streams.create('beats', shards);
  return streams;
}

const put = (streams: Streams, text: string): string => streams.put('beats', recordOf(text)).sequenceNumber;

const recordOf = (text: string) => ({ partitionKey: 'ä\n', data: Buffer.from(text).toString('base64') });

const texts = (streams: Streams, shardId = shardOne): readonly string[] =>
  streams.read('beats', shardId, undefined, 10_000).map(({ data }) => Buffer.from(data, 'base64').toString());

const shardFile = (): string => join(directory, 'beats', `${shardOne}.jsonl`);

describe('given streams that are kept in a directory', () => {
  test('when they are closed and opened again, then all records are as they were', () => {
    const before = opened();
    for (const text of ['one', 'two', 'three']) put(before, text);
    const records = before.read('beats', shardOne, undefined, 10);
    before.close();

    expect(opened().read('beats', shardOne, undefined, 10)).toEqual(records);
  });

  test('when the process is killed without closing, then all records are there', () => {
    const killed = opened();
    for (const text of ['one', 'two']) put(killed, text);

    expect(texts(opened())).toEqual(['one', 'two']);
  });

  test('when the process is killed while it writes a record, then that one is lost, and those after it are kept', async () => {
    const killed = opened();
    for (const text of ['one', 'two']) put(killed, text);
    await appendFile(shardFile(), '{"sequenceNumber":"0000');

    const again = opened();
    put(again, 'three');
    again.close();

    expect(texts(opened())).toEqual(['one', 'two', 'three']);
  });

  test('when the last line lacks only its end, then it counts as never acknowledged', async () => {
    const killed = opened();
    for (const text of ['one', 'two']) put(killed, text);
    await truncate(shardFile(), (await stat(shardFile())).size - 1);

    expect(texts(opened())).toEqual(['one']);
  });

  test('when they are opened again, even after the clock stepped back, then sequence numbers go on rising', () => {
    const before = opened();
    const last = put(before, 'one');
    before.close();
    nowMs -= 1_000;

    const next = put(opened(), 'two');
    expect(next > last && next.length === last.length).toBe(true);
  });

  test('when a reader stopped at a record, then it goes on after it when they are opened again', () => {
    const before = opened();
    const read = put(before, 'one');
    put(before, 'two');
    before.close();

    const rest = opened().read('beats', shardOne, read, 10);
    expect(rest.map(({ data }) => atob(data))).toEqual(['two']);
  });

  test('when shards were split, then they still are when they are opened again', () => {
    const before = opened();
    put(before, 'parent');
    before.split('beats', shardOne, 2n ** 127n);
    put(before, 'child');
    const shards = before.shards('beats');
    before.close();

    const again = opened();
    expect(again.shards('beats')).toEqual(shards);
    expect(shards.flatMap(({ shardId }) => texts(again, shardId))).toEqual(['parent', 'child']);
  });

  test('when they are opened with another number of shards, then those that are there stay', () => {
    opened(2).close();

    expect(opened(4).shards('beats')).toHaveLength(2);
  });

  test('when a stream is deleted, then nothing is left of it for one of the same name', async () => {
    const streams = opened();
    put(streams, 'one');
    streams.delete('beats');
    expect(await readdir(directory)).toEqual([]);

    streams.create('beats', 1);
    expect(texts(streams)).toEqual([]);
  });
});

describe('given records older than the retention', () => {
  test('when the stream is opened again, then they are gone, from the file too', async () => {
    const before = opened();
    put(before, 'old');
    nowMs += 1;
    put(before, 'just kept');
    before.close();
    nowMs += anHourMs;

    expect(texts(opened())).toEqual(['just kept']);
    expect((await readFile(shardFile(), 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  test('when a stream runs on, then it forgets them, and so does the file', async () => {
    const streams = opened();
    for (let index = 0; index < 1_500; index += 1) put(streams, 'old');
    nowMs += anHourMs + 1;
    put(streams, 'new');
    put(streams, 'newer');

    expect(texts(streams)).toEqual(['new', 'newer']);
    expect((await readFile(shardFile(), 'utf8')).trim().split('\n')).toHaveLength(2);
    streams.close();
    expect(texts(opened())).toEqual(['new', 'newer']);
  });
});

describe('given a listener', () => {
  test('when records arrive, then it is told of their shard, until it no longer listens', () => {
    const streams = opened();
    const told: string[] = [];
    const stop = streams.onAppend((stream, shardId) => told.push(`${stream} ${shardId}`));

    put(streams, 'one');
    stop();
    put(streams, 'two');

    expect(told).toEqual([`beats ${shardOne}`]);
  });
});
