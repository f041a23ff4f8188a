import { TryAgainLater } from '../../core/errors';
import type { Clock } from '../../core/ports';
import type { Chance } from './chance';
import type { SimulatedTime } from './time';
import type { Weather } from './weather';

/**
 * A call that nobody will ever answer: what a dead process waits for. Each its own, since one for all would keep every world
 * that ever waited for it in memory.
 */
const never = (): Promise<never> => new Promise(() => {});

/** A process that runs handlers: it can freeze for a while, and it dies between any two of its calls. */
export class Process {
  private dead = false;
  private frozenUntilMs = 0;
  private readonly died: Promise<'died'>;
  private tellDeath: () => void = () => {};

  constructor(
    private readonly time: SimulatedTime,
    private readonly skewMs = 0,
  ) {
    this.died = new Promise((resolve) => {
      this.tellDeath = () => resolve('died');
    });
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** Whether what it does next has to wait: asked at each of its calls, of which there are thousands in a run. */
  get isHeld(): boolean {
    return this.dead || this.frozenUntilMs > this.time.now();
  }

  /** Its own clock, which may be off. */
  get clock(): Clock {
    return {
      now: () => this.time.now() + this.skewMs,
      sleep: async (ms) => {
        await this.time.sleep(ms);
        await this.goOn();
      },
    };
  }

  kill(): void {
    this.dead = true;
    this.tellDeath();
  }

  freeze(ms: number): void {
    this.frozenUntilMs = this.time.now() + ms;
  }

  /** What `work` resolves with, unless the process dies before. */
  async outcomeOf<T>(work: Promise<T>): Promise<T | 'died'> {
    return await Promise.race([work, this.died]);
  }

  /** Waits while it is frozen; never resolves once it is dead. */
  async goOn(): Promise<void> {
    while (this.frozenUntilMs > this.time.now()) await this.time.sleep(this.frozenUntilMs - this.time.now());
    if (this.dead) await never();
  }
}

/** Between a process and the stores that it calls. */
export class Wire {
  constructor(
    private readonly process: Process,
    private readonly time: SimulatedTime,
    private readonly weather: Weather,
    private readonly chance: Chance,
  ) {}

  /** The same ports as this process reaches them: slowly, in vain now and then, and not beyond its death. */
  to<P extends object>(ports: P): P {
    const reached = Object.entries(ports).map(([name, port]) => [name, this.around(name, port as object)]);
    return Object.fromEntries(reached) as P;
  }

  private around(name: string, port: object): object {
    return new Proxy(port, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property, target);
        if (typeof method !== 'function' || typeof property === 'symbol') return method;
        return (...given: unknown[]) =>
          this.call(`${name}.${property}`, () => Reflect.apply(method, target, given) as unknown);
      },
    });
  }

  private async call(what: string, work: () => unknown): Promise<unknown> {
    const { storesSlowMs, storesThrottle, storesForgetToAnswer } = this.weather;
    await this.travel(storesSlowMs);
    // The adapter tells by its answer what became of a post, and never throws.
    if (what === 'feed.post') return await work();
    if (this.chance.happens(storesThrottle)) throw new TryAgainLater('throttled', { actual: what });
    const result = await work();
    await this.travel(storesSlowMs);
    if (this.chance.happens(storesForgetToAnswer)) throw new TryAgainLater('timed out', { actual: what });
    return result;
  }

  private async travel(slowMs: number): Promise<void> {
    if (this.process.isHeld) await this.process.goOn();
    await this.time.sleep(this.chance.between(0, slowMs / 2));
    if (this.process.isHeld) await this.process.goOn();
  }
}
