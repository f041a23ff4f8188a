import { setTimeout as sleep } from 'node:timers/promises';
import {
  KinesisClient,
  ListStreamsCommand,
  MergeShardsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { localAws } from '../support/aws-client';
import { Crowd, expectTrue, offline } from '../support/crowd';
import { Rollcall } from '../support/rollcall';
import { until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

/** Long enough for every lease of the crowd to end meanwhile; longer ones are for whoever asks. */
const faultMs = Number(process.env.ROLLCALL_FAULT_SECONDS ?? 42) * 1_000;
const fleet = Number(process.env.ROLLCALL_FAULT_FLEET ?? 0);
const counts = { stays: 12, leaves: 4, dies: 4 } as const;

const second = 1_000;
/** Lease, reserve, two ticks and four seconds, and once more the lease where a gap makes timeouts wait. */
const declaredWithinMs = (20 + 15 + 20 + 2 + 4 + 5) * second;

jest.setTimeout(faultMs + 180_000);

interface Scene {
  readonly rollcall: Rollcall;
  readonly region: WatchedRegion;
  readonly crowd: Crowd;
}

/** A running system with a crowd in it, which ends with the test. */
async function withCrowd(work: (scene: Scene) => Promise<void>): Promise<void> {
  const rollcall = await Rollcall.start({ fleet });
  try {
    const region = await WatchedRegion.of(rollcall, 'town');
    const crowd = await Crowd.gather(region, counts);
    try {
      await work({ rollcall, region, crowd });
    } finally {
      await crowd.stop();
      region.feed.close();
    }
  } finally {
    await rollcall.close();
  }
}

const asOfIn = async ({ feed }: WatchedRegion) => {
  const [region] = (await feed.ping()).regions;
  return { asOfMs: Date.parse(region?.asOf ?? ''), delayedSince: region?.delayedSince };
};

/** Everybody who ended is declared with the true instant and reason, and nobody else. */
async function expectTheTruth({ region, crowd }: Scene): Promise<void> {
  const gone = [...crowd.facilities('leaves'), ...crowd.facilities('dies')];
  for (const facility of gone) await region.feed.change(facility, { status: 'offline' }, declaredWithinMs);
  await sleep(3 * second);
  expectTrue(crowd, offline(region.feed.changes));
}

/** Breaks something, lets some of the crowd end meanwhile, and mends it. */
async function expectNoLieDuring(scene: Scene, broken: object, mended: object): Promise<void> {
  const { rollcall, region, crowd } = scene;
  await rollcall.post('/dev/faults', broken);
  await sleep(3 * second);
  await crowd.part();
  await sleep(faultMs - 3 * second);
  expect(offline(region.feed.changes)).toEqual([]);
  expect((await asOfIn(region)).delayedSince).toBeDefined();
  await rollcall.post('/dev/faults', mended);
  await expectTheTruth(scene);
  expect((await asOfIn(region)).delayedSince).toBeUndefined();
}

/** The stream's shards, changed while it is in use. */
async function resharding({ rollcall }: Scene) {
  const { kinesis } = await rollcall.services();
  const client = new KinesisClient(localAws(kinesis));
  const { StreamNames: [StreamName] = [] } = await client.send(new ListStreamsCommand({}));
  return {
    split: (shard: number, quarter: bigint) =>
      client.send(
        new SplitShardCommand({
          StreamName,
          ShardToSplit: idOf(shard),
          NewStartingHashKey: String(quarter << 126n),
        }),
      ),
    merge: (shard: number, neighbour: number) =>
      client.send(
        new MergeShardsCommand({
          StreamName,
          ShardToMerge: idOf(shard),
          AdjacentShardToMerge: idOf(neighbour),
        }),
      ),
    close: () => client.destroy(),
  };
}

const idOf = (shard: number): string => `shardId-${String(shard).padStart(12, '0')}`;

/** As-of passes the instant of this call, which everything must have been processed for. */
async function asOfMovesOn({ region }: Scene): Promise<void> {
  const nowMs = Date.now();
  await until(15 * second, 'as-of to move on', async () =>
    (await asOfIn(region)).asOfMs > nowMs ? true : undefined,
  );
}

describe('TR1, TR3 nobody is declared offline because of our own trouble', () => {
  test.concurrent.each([
    ['heartbeat-monitor is stopped', { heartbeatMonitor: 'stopped' }, { heartbeatMonitor: 'running' }],
    ['the endpoint answers 503', { heartbeatEndpoint: 'refusing' }, { heartbeatEndpoint: 'serving' }],
    ['session-monitor is stopped', { sessionMonitor: 'stopped' }, { sessionMonitor: 'running' }],
  ])(
    'given %s for longer than every lease, when it goes on, then only who ended is declared, truly',
    (_, broken, mended) => withCrowd((scene) => expectNoLieDuring(scene, broken, mended)),
  );

  test.concurrent('given one of four shards is stuck after splits, and two are merged, then the same', () =>
    withCrowd(async (scene) => {
      const shards = await resharding(scene);
      await shards.split(0, 2n);
      await asOfMovesOn(scene);
      await shards.split(1, 1n);
      await shards.split(2, 3n);
      await asOfMovesOn(scene);
      expect(offline(scene.region.feed.changes)).toEqual([]);

      await expectNoLieDuring(scene, { stuckShards: [idOf(4)] }, { stuckShards: [] });

      await shards.merge(3, 4);
      await asOfMovesOn(scene);
      shards.close();
      expect(offline(scene.region.feed.changes)).toHaveLength(counts.leaves + counts.dies);
    }));
});
