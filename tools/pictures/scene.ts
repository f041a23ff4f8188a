import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError } from '../../core/errors';
import { type PicturedFacility, type PicturedRegion, pictured } from './town';

/** A request that the scene needs was refused. */
export class SceneRefused extends RollcallError {}

const everything = { '*': ['*'] };
/** The shortest promise: its lease is over 20 s later, and 15 s of reserve after that. */
const shortestNextSeconds = 5;
const longNextSeconds = 300;
const graceMs = 10_000;
const people = ['ana', 'bashir', 'chiara', 'dilan'] as const;

/** A running Rollcall with something to show: facilities with names, some of them offline for each of the reasons. */
export class Scene {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    /** One for each of those who sit at the facilities. */
    private readonly users: readonly string[],
    readonly regions: readonly PicturedRegion[],
  ) {}

  static async set(url: string, seed: number): Promise<Scene> {
    const boss = await tokenFor(url, 'boss', { watch: everything, manage: everything });
    const users = await Promise.all(people.map((sub) => tokenFor(url, sub, { provide: everything })));
    const scene = new Scene(url, boss, users, pictured(seed));
    await scene.register();
    await scene.live();
    return scene;
  }

  /** The facility that has the most to tell. */
  get told(): PicturedFacility {
    // A few sessions: a long table would push the history off the picture.
    const [found] = [...this.of('flapping')].sort((a, b) => a.users - b.users);
    if (found === undefined) throw new SceneRefused('no facility comes and goes; take another seed');
    return found;
  }

  /** From now on as-of stands still. */
  async delay(): Promise<void> {
    await sent(`${this.url}/dev/faults`, 'POST', undefined, { heartbeatEndpoint: 'refusing' });
  }

  async mend(): Promise<void> {
    await sent(`${this.url}/dev/faults`, 'POST', undefined, { heartbeatEndpoint: 'serving' });
  }

  private async register(): Promise<void> {
    for (const { id, name, facilities } of this.regions) {
      await this.put(`/v1/regions/${id}`, { name, thresholds: { upFrom: 0.95, downBelow: 0.25 } });
      for (const facility of facilities) {
        const path = `/v1/regions/${id}/facility?id=${encodeURIComponent(facility.id)}`;
        await this.put(path, registryOf(facility));
      }
    }
  }

  /** Brings everybody online, and lets go of those who are to be seen offline. */
  private async live(): Promise<void> {
    for (const { facilities } of this.regions) await this.beat(facilities, 'a');
    await sleep(3_000);
    const flapping = this.of('flapping');
    for (const life of ['a', 'b', 'c']) {
      await this.leave([...flapping, ...(life === 'a' ? this.of('left') : [])], life);
      await sleep(graceMs + 4_000);
      if (life !== 'c') await this.beat(flapping, next(life));
      await sleep(3_000);
    }
  }

  private of(fate: PicturedFacility['fate']): readonly PicturedFacility[] {
    return this.regions.flatMap(({ facilities }) => facilities.filter((one) => one.fate === fate));
  }

  private async beat(facilities: readonly PicturedFacility[], life: string): Promise<void> {
    await this.send(
      facilities.filter(({ fate }) => fate !== 'registered'),
      ({ fate }, user) => ({
        next: fate === 'silent' ? shortestNextSeconds : longNextSeconds,
        attributes: { shift: user % 2 === 0 ? 'early' : 'late' },
      }),
      life,
    );
  }

  private async leave(facilities: readonly PicturedFacility[], life: string): Promise<void> {
    await this.send(facilities, () => ({ next: 0 }), life);
  }

  /** A beat of each user of each facility, one request a user. */
  private async send(
    facilities: readonly PicturedFacility[],
    words: (facility: PicturedFacility, user: number) => object,
    life: string,
  ): Promise<void> {
    for (const [user, token] of this.users.entries()) {
      const beats = facilities
        .filter(({ users }) => user < users)
        .map((facility) => ({
          sessionId: `${facility.id}-${life}`,
          region: facility.region,
          facilities: [facility.id],
          ...words(facility, user),
        }));
      if (beats.length > 0) await sent(`${this.url}/heartbeat`, 'POST', token, beats);
    }
  }

  private async put(path: string, body: object): Promise<void> {
    await sent(`${this.url}${path}`, 'PUT', this.token, body);
  }
}

async function tokenFor(url: string, sub: string, rollcall: object): Promise<string> {
  const answer = await sent(`${url}/dev/token`, 'POST', undefined, { sub, rollcall });
  return (answer as { token: string }).token;
}

const next = (life: string): string => String.fromCharCode(life.charCodeAt(0) + 1);

function registryOf({ name, address, tags, isInMaintenance }: PicturedFacility): object {
  const fromMs = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000;
  const window = {
    from: new Date(fromMs).toISOString(),
    to: new Date(fromMs + 150 * 60_000).toISOString(),
    note: 'New cables',
  };
  const place = { address, timeZone: 'Europe/Madrid' };
  return {
    name,
    ...place,
    ...(tags.length > 0 && { tags }),
    ...(isInMaintenance && { maintenance: [window] }),
  };
}

async function sent(url: string, method: string, token: string | undefined, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new SceneRefused(`${method} ${url}`, { actual: `${response.status} ${text}` });
  return JSON.parse(text);
}
