import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { StreamCanaries } from '../../adapters/aws/canaries';
import { MemoryCanaries } from '../../adapters/memory/canaries';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import type { Canaries } from '../../core/ports';
import { startKinesis } from '../../local/kinesis/server';
import { Streams } from '../../local/kinesis/streams';
import { listenOnLoopback } from '../../local/loopback';
import { localAws } from '../support/aws-client';
import { at } from '../support/builders';
import { ListLog } from '../support/http';
import { type Bench, onEach } from './each';

interface CanaryBench extends Bench<Canaries> {
  /** Canaries by where they landed: ids of shards, or `endpoint`. */
  landed(): readonly string[];
  endpointAnswers(status: number): void;
}

function inMemory(): CanaryBench {
  const port = new MemoryCanaries();
  const landed: string[] = [];
  port.landed = (where) => landed.push(where);
  port.list = ['shardId-000000000000', 'shardId-000000000001'].map((shardId) => ({
    shardId,
    parents: [],
    open: true,
    firstHashKey: '0',
  }));
  return {
    port,
    landed: () => landed.toSorted(),
    endpointAnswers: (status) => {
      port.endpointBusy = status !== 202;
    },
    close: () => undefined,
  };
}

async function onKinesis() {
  const clock = new VirtualClock(at('10:00'));
  const streams = Streams.open({ now: () => clock.now() });
  streams.create('beats', 2);
  const kinesis = await startKinesis(streams);
  const client = new KinesisClient({ ...localAws(kinesis.endpoint), requestHandler: new NodeHttpHandler() });
  let status = 202;
  const posts: (string | undefined)[] = [];
  const endpoint = await listenOnLoopback(async (request, response) => {
    posts.push(`${request.method} ${request.headers.authorization}`);
    response.writeHead(status).end('{}');
  });
  const log = new ListLog();
  const port = new StreamCanaries({
    client,
    stream: 'beats',
    heartbeatUrl: `${endpoint.endpoint}/heartbeat`,
    authorization: async (nowMs) => `rollcall-canary of ${nowMs}`,
    log,
  });
  const onShards = () =>
    streams
      .shards('beats')
      .flatMap(({ shardId }) =>
        streams.read('beats', shardId, undefined, 100).map(({ data }) => [shardId, data] as const),
      );
  return {
    port,
    streams,
    posts,
    log,
    onShards,
    landed: () =>
      [
        ...onShards().map(([shardId]) => shardId),
        ...posts.slice(0, status === 202 ? undefined : 0).map(() => 'endpoint'),
      ].toSorted(),
    endpointAnswers: (answer: number) => {
      status = answer;
    },
    endpointDies: () => endpoint.close(),
    close: async () => {
      client.destroy();
      await Promise.all([kinesis.close(), endpoint.close()]);
      streams.close();
    },
  };
}

onEach<CanaryBench>('Canaries', { 'in memory': inMemory, 'on Kinesis': onKinesis }, (get) => {
  test('TR2 one lands on each open shard', async () => {
    await get().port.putOnShards();
    expect(get().landed()).toEqual(['shardId-000000000000', 'shardId-000000000001']);
    expect((await get().port.shards()).map(({ open }) => open)).toEqual([true, true]);
  });

  test('TR2 one goes through the endpoint', async () => {
    expect(await get().port.postThroughEndpoint(at('10:00'))).toBe('taken');
    expect(get().landed()).toEqual(['endpoint']);
  });

  test('TR1 one that the endpoint turns away is busy', async () => {
    get().endpointAnswers(503);
    expect(await get().port.postThroughEndpoint(at('10:00'))).toBe('busy');
    expect(get().landed()).toEqual([]);
  });
});

describe('Canaries on Kinesis alone', () => {
  let bench: Awaited<ReturnType<typeof onKinesis>>;
  beforeEach(async () => {
    bench = await onKinesis();
  });
  afterEach(() => bench.close());

  test('TR2 given a split, when a canary lands elsewhere, then the next ones reach both children', async () => {
    await bench.port.putOnShards();
    bench.streams.split('beats', 'shardId-000000000000', 1n << 126n);
    await bench.port.putOnShards();
    await bench.port.putOnShards();
    const shards = await bench.port.shards();
    expect(shards.map(({ shardId, open, parents }) => [shardId, open, parents])).toEqual([
      ['shardId-000000000000', false, []],
      ['shardId-000000000001', true, []],
      ['shardId-000000000002', true, ['shardId-000000000000']],
      ['shardId-000000000003', true, ['shardId-000000000000']],
    ]);
    expect(bench.landed().filter((where) => where.endsWith('3'))).toHaveLength(1);
  });

  test('TR2 given a merge, when canaries go on, then the child has both parents', async () => {
    await bench.port.putOnShards();
    bench.streams.merge('beats', 'shardId-000000000000', 'shardId-000000000001');
    await bench.port.putOnShards();
    const child = (await bench.port.shards()).find(({ open }) => open);
    expect(child?.parents).toEqual(['shardId-000000000000', 'shardId-000000000001']);
  });

  test('TR2 a canary says what it is, and nothing else', async () => {
    await bench.port.putOnShards();
    const [[, data] = ['', '']] = bench.onShards();
    expect(Buffer.from(data, 'base64').toString()).toBe('{"canary":"shard"}');
  });

  test('TR2 the endpoint is shown what it knows the canary by, and no token', async () => {
    await bench.port.postThroughEndpoint(at('10:00'));
    expect(bench.posts).toEqual([`POST rollcall-canary of ${at('10:00')}`]);
  });

  test('TR1 an endpoint that does not answer is busy, and the log says why', async () => {
    await bench.endpointDies();
    expect(await bench.port.postThroughEndpoint(at('10:00'))).toBe('busy');
    expect(bench.log.errors).toHaveLength(1);
  });
});
