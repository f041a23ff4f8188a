import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { KinesisBeatStream } from '../../adapters/aws/beat-stream';
import { systemClock } from '../../adapters/aws/system-clock';
import { MemoryBeatStream } from '../../adapters/memory/beat-stream';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { type AcceptedBeat, parseRecord } from '../../core/beat';
import type { BeatStream } from '../../core/ports';
import { startKinesis } from '../../local/kinesis/server';
import { Streams } from '../../local/kinesis/streams';
import { localAws } from '../support/aws-client';
import { anAcceptedBeat, at } from '../support/builders';
import { type Bench, onEach } from './each';
import { remote, streamOnAws } from './on-aws';

interface StreamBench extends Bench<BeatStream> {
  /** The beats that are on the stream, by shard, each shard in its order. */
  shards(): Promise<readonly (readonly AcceptedBeat[])[]>;
}

/** A stream that can be told to be too busy, as AWS cannot. */
interface LocalBench extends StreamBench {
  turnAway(): void;
}

function inMemory(): LocalBench {
  const port = new MemoryBeatStream();
  return {
    port,
    shards: async () => [port.beats],
    turnAway: () => {
      port.busy = true;
    },
    close: () => undefined,
  };
}

const most = 10_000;

function read(data: Buffer): AcceptedBeat {
  const { arrivalMs: _, ...beat } = parseRecord(JSON.parse(data.toString()), 0);
  return beat;
}

async function onAws(): Promise<StreamBench> {
  const stream = await streamOnAws();
  return {
    port: new KinesisBeatStream(stream.client, stream.name, systemClock),
    shards: async () => (await stream.records()).map((shard) => shard.map(read)),
    close: stream.close,
  };
}

async function onKinesis() {
  const clock = new VirtualClock(at('10:00'));
  const streams = Streams.open({ now: () => clock.now() });
  streams.create('beats', 2);
  const kinesis = await startKinesis(streams);
  const client = new KinesisClient({ ...localAws(kinesis.endpoint), requestHandler: new NodeHttpHandler() });
  return {
    port: new KinesisBeatStream(client, 'beats', clock),
    streams,
    shards: async () =>
      streams
        .shards('beats')
        .map(({ shardId }) =>
          streams
            .read('beats', shardId, undefined, most)
            .map(({ data }) => read(Buffer.from(data, 'base64'))),
        ),
    turnAway: () => {
      streams.throttles = () => true;
    },
    close: async () => {
      client.destroy();
      await kinesis.close();
      streams.close();
    },
  };
}

const beats = (count: number): readonly AcceptedBeat[] =>
  Array.from({ length: count }, (_, index) => anAcceptedBeat({ session: `s${index}` }));
const sessionsOn = async (stream: StreamBench): Promise<readonly string[]> =>
  (await stream.shards())
    .flat()
    .map(({ sessionId }) => sessionId)
    .toSorted();
const idsOf = (sent: readonly AcceptedBeat[]) => sent.map(({ sessionId }) => sessionId).toSorted();

const local = { 'in memory': inMemory, 'on Kinesis': onKinesis };
const everywhere = { ...local, ...(remote && { 'on AWS': onAws }) };

onEach<StreamBench>('BeatStream', everywhere, (get) => {
  test('HB1 a beat comes off the stream as it was accepted', async () => {
    const beat = anAcceptedBeat({
      session: 'constructor',
      region: '__proto__',
      covers: ['lab/*'],
      seq: 4,
      attributes: new Map([['__proto__', 'Zoë']]),
    });
    expect(await get().port.put([beat])).toEqual(['taken']);
    expect((await get().shards()).flat()).toEqual([beat]);
  });

  test('HB5 the beats of a session are on one shard, in the order in which they were put', async () => {
    const nexts = [30, 60, 0];
    for (const next of nexts) await get().port.put([...beats(20), anAcceptedBeat({ session: 'mine', next })]);
    const found = (await get().shards())
      .map((shard) => shard.filter(({ sessionId }) => sessionId === 'mine'))
      .filter((shard) => shard.length > 0);
    expect(found.map((shard) => shard.map(({ nextSeconds }) => nextSeconds))).toEqual([nexts]);
  });

  test('more beats than one call holds have one outcome each', async () => {
    const sent = beats(1_100);
    expect(await get().port.put(sent)).toEqual(sent.map(() => 'taken'));
    expect(await sessionsOn(get())).toEqual(idsOf(sent));
  });

  test('nothing is put for nothing', async () => {
    expect(await get().port.put([])).toEqual([]);
    expect((await get().shards()).flat()).toEqual([]);
  });
});

onEach<LocalBench>('BeatStream under load', local, (get) => {
  test('AC4 a stream that is too busy says so of each beat, and holds none', async () => {
    get().turnAway();
    expect(await get().port.put(beats(3))).toEqual(['busy', 'busy', 'busy']);
    expect((await get().shards()).flat()).toEqual([]);
  });
});

describe('BeatStream: on Kinesis alone', () => {
  let kinesis: Awaited<ReturnType<typeof onKinesis>>;
  beforeEach(async () => {
    kinesis = await onKinesis();
  });
  afterEach(() => kinesis.close());

  test('given one shard is busy, when beats are put, then only its own are turned away', async () => {
    const [busyShard] = kinesis.streams.shards('beats');
    kinesis.streams.throttles = (shardId) => shardId === busyShard?.shardId;
    const sent = beats(40);
    const outcomes = await kinesis.port.put(sent);
    const taken = sent.filter((_, index) => outcomes[index] === 'taken');
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length).toBeLessThan(40);
    expect(await sessionsOn(kinesis)).toEqual(idsOf(taken));
  });

  test('given records are turned away twice, when they are tried again, then each is taken once', async () => {
    let refusals = 40;
    kinesis.streams.throttles = () => {
      refusals -= 1;
      return refusals >= 0;
    };
    const sent = beats(20);
    expect(new Set(await kinesis.port.put(sent))).toEqual(new Set(['taken']));
    expect(await sessionsOn(kinesis)).toEqual(idsOf(sent));
  });

  test('given beats beyond the 5 MB of one call, when they are put, then all are taken', async () => {
    const covers = Array.from({ length: 1_000 }, (_, index) => `f${index}`.padEnd(120, 'x'));
    const sent = beats(60).map((beat) => ({ ...beat, covers }));
    expect(new Set(await kinesis.port.put(sent))).toEqual(new Set(['taken']));
    expect(await sessionsOn(kinesis)).toEqual(idsOf(sent));
  });

  test('given there is no such stream, when a beat is put, then it is a fault, not load', async () => {
    kinesis.streams.delete('beats');
    await expect(kinesis.port.put(beats(1))).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    );
  });
});
