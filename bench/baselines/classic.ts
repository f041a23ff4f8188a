import type { RedisClientType } from 'redis';
import { leaseSeconds } from './naive';
import type { PlayBeat, PresenceSystem, Told } from './system';
import type { HurriedTime } from './time';

const second = 1_000;
const sweepSeconds = 60;
/** As long as Rollcall's, so that a reload is no flap. */
const graceSeconds = 10;
const members = 'online';

export interface ClassicOptions {
  readonly redis: RedisClientType;
  readonly time: HurriedTime;
}

/**
 * The classic design, tuned: servers behind a load balancer, which get and set a session's expiring key at each beat, a set of those
 * who are online, a sweep each minute that asks for the keys of all of them, a thousand in a command, and messages over the
 * servers' own sockets. Who comes is told at once, since the set says who is new; a goodbye shortens the key to a grace, and the server
 * that took it looks again when that is over. Commands of a beat go in one write (the client pipelines them).
 *
 * While its servers cannot write to Redis, beats wait and are written afterwards, which is more than most load balancers' timeouts
 * would let them.
 */
export class ClassicDesign implements PresenceSystem {
  readonly told: Told[] = [];
  private readonly waiting: PlayBeat[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private stalled = false;
  private over = false;

  constructor(private readonly options: ClassicOptions) {}

  beat(beat: PlayBeat): void {
    if (this.stalled) this.waiting.push(beat);
    else this.follow(this.take(beat));
  }

  start(): void {
    void this.keepSweeping();
  }

  stall(stalled: boolean): void {
    this.stalled = stalled;
    if (!stalled) for (const beat of this.waiting.splice(0)) this.beat(beat);
  }

  async close(): Promise<void> {
    this.over = true;
    await Promise.all(this.underWay);
  }

  /** What a server does with a beat; public, so that what it takes can be measured. */
  async take({ facility, nextSeconds }: PlayBeat): Promise<void> {
    const { redis, time } = this.options;
    if (nextSeconds === 0) return await this.leave(facility);
    const [known] = await Promise.all([
      redis.get(keyOf(facility)),
      redis.set(keyOf(facility), '1', {
        expiration: { type: 'PX', value: inRedis(leaseSeconds, time) },
      }),
    ]);
    if (known === null && (await redis.sAdd(members, facility)) === 1) this.tell(facility, 'online');
  }

  private async leave(facility: string): Promise<void> {
    const { redis, time } = this.options;
    await redis.pExpire(keyOf(facility), inRedis(graceSeconds, time), 'LT');
    await time.sleep(graceSeconds * second);
    if ((await redis.exists(keyOf(facility))) === 0) await this.remove(facility);
  }

  private async keepSweeping(): Promise<void> {
    while (!this.over) {
      await this.options.time.sleep(sweepSeconds * second);
      if (!this.over) await this.sweep();
    }
  }

  private async sweep(): Promise<void> {
    const { redis } = this.options;
    const facilities = await redis.sMembers(members);
    for (let from = 0; from < facilities.length; from += 1_000) {
      const some = facilities.slice(from, from + 1_000);
      const values = await redis.mGet(some.map(keyOf));
      for (const [index, facility] of some.entries()) {
        if (values[index] === null) await this.remove(facility);
      }
    }
  }

  /** Only who really removes a member tells of it: several servers may find the same. */
  private async remove(facility: string): Promise<void> {
    if ((await this.options.redis.sRem(members, facility)) === 1) this.tell(facility, 'offline');
  }

  private tell(facility: string, status: Told['status']): void {
    this.told.push({ facility, status, atMs: this.options.time.now() });
  }

  private follow(work: Promise<void>): void {
    const followed = work.finally(() => this.underWay.delete(followed));
    this.underWay.add(followed);
  }
}

/** Milliseconds of Redis's clock. */
const inRedis = (seconds: number, { factor }: HurriedTime): number => Math.round((seconds * second) / factor);

const keyOf = (facility: string): string => `session:${facility}`;
