import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../../local/crashes';
import type { Deployment } from '../../local/deployment';
import { functionIn, LastRelease } from '../releases/last-release';
import { seconds } from '../support/builders';
import { Hosted } from '../support/hosted';
import { patience, until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

/** In the order of a heartbeat's way. */
const stages: readonly Stage[] = [
  'heartbeat-endpoint',
  'heartbeat-monitor',
  'session-monitor',
  'live-feed',
  'status-api',
];
const nextSeconds = 5;
/** What is stored for such a beat at most: three intervals and the slack, and in advance an interval and 10 s. */
const storedLease = seconds(3 * nextSeconds + 5 + nextSeconds + 10);
const facilities = Array.from({ length: 12 }, (_, index) => `clinic-${index}`);

/** A Rollcall whose functions are of the last release, with a fleet that beats as long as the test lasts. */
class Deploying {
  private constructor(
    readonly hosted: Hosted,
    private readonly release: LastRelease,
    readonly region: WatchedRegion,
    private readonly beating: NodeJS.Timeout,
  ) {}

  static async start(name: string): Promise<Deploying> {
    const hosted = await Hosted.start();
    const release = LastRelease.open(hosted.url);
    for (const stage of stages) await deploy(hosted, release.deployment, stage);
    const region = await WatchedRegion.of(hosted, name);
    const beat = () =>
      region.beats(facilities.map((id) => ({ sessionId: id, facilities: [id], next: nextSeconds })));
    await beat();
    const beating = setInterval(() => void beat(), seconds(nextSeconds));
    for (const id of facilities) await region.feed.change(id, { status: 'online' }, patience);
    return new Deploying(hosted, release, region, beating);
  }

  /** Puts this release's function in the place of the last one's. */
  async upgrade(stage: Stage): Promise<void> {
    await deploy(this.hosted, this.hosted.runtime.deployment, stage);
  }

  /** What operators were told of the fleet since a moment. */
  toldSince(heard: number): readonly object[] {
    return this.region.feed.changes.slice(heard).filter(({ facility }) => facilities.includes(facility));
  }

  async close(): Promise<void> {
    clearInterval(this.beating);
    this.region.feed.close();
    await this.hosted.close();
    this.release.remove();
  }
}

async function deploy({ runtime }: Hosted, deployment: Deployment, stage: Stage): Promise<void> {
  const deployed = functionIn(deployment, stage);
  await runtime.functions.replace(deployed);
  // The schedule would start a run of the new code within a minute.
  if (stage === 'session-monitor') void runtime.functions.invoke(deployed.name)({});
}

/** Somebody comes and goes: what was deployed so far does its work together. */
async function comesAndGoes({ region }: Deploying, visitor: string): Promise<void> {
  const attributes = { mood: 'happy' };
  await region.beat({ sessionId: visitor, facilities: [visitor], next: 60, attributes });
  await region.feed.change(visitor, { status: 'online', reason: 'heartbeat' }, patience);
  await region.beat({ sessionId: visitor, facilities: [visitor], next: 0 });
}

describe('given a fleet that beats, and functions of the last release', () => {
  test.concurrent.each([
    ['in the order of a heartbeat’s way', 'forth', stages],
    ['against it', 'back', stages.toReversed()],
  ])(
    'when they are replaced one by one %s, then nobody is told of a change that there was not, and those between work together',
    async (_, name, order) => {
      const deploying = await Deploying.start(name);
      const { region, hosted } = deploying;
      const heard = region.feed.changes.length;
      let keptByNewMs = 0;

      for (const stage of order) {
        await deploying.upgrade(stage);
        if (stage === 'heartbeat-monitor') keptByNewMs = Date.now() + storedLease;
        await comesAndGoes(deploying, `after-${stage}`);
      }
      // Whoever is online then was kept so by the new function, since what the last one had stored is over.
      await sleep(keptByNewMs - Date.now());
      await until(patience, 'as-of to have followed', async () => {
        const { asOf } = await region.snapshot();
        return Date.parse(asOf) > keptByNewMs || undefined;
      });

      expect(deploying.toldSince(heard)).toEqual([]);
      for (const stage of order) {
        await region.feed.change(`after-${stage}`, { status: 'offline', reason: 'leave' }, patience);
      }
      const snapshot = await region.snapshot();
      expect(snapshot.facilities.filter(({ status }) => status === 'online')).toHaveLength(facilities.length);
      expect(hosted.complaints).toEqual([]);
      await deploying.close();
    },
    seconds(100),
  );
});
