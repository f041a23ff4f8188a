import { MemoryBeatStream } from '../../adapters/memory/beat-stream';
import type { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { TryAgainLater } from '../../core/errors';
import { defaultLimits } from '../../core/limits';
import { newHead } from '../../core/region';
import { defaultTimings } from '../../core/timings';
import { createEndpoint } from '../../lambdas/heartbeat-endpoint/endpoint';
import type { HttpResult } from '../../lambdas/http';
import { createApi } from '../../lambdas/status-api/api';
import { apiPortsOver, aSettledMonitor } from './api-scene';
import { aFacility, anEntry, anIdentity, aSession, at, rights } from './builders';
import { aRequest, KnownTokens, type RequestWords } from './http';
import { withHistory } from './region-history';
import { aSessionMonitor } from './session-monitor-scene';

/** Tokens as people: `boss` sees and manages all, `part` laboratories, `eve` nothing; `ann` reports; the keys of `slow` do not load. */
class People extends KnownTokens {
  constructor() {
    super();
    const all = { '*': ['*'] };
    this.issue('boss', anIdentity({ subject: 'boss', rights: rights({ watch: all, manage: all }) }));
    this.issue('part', anIdentity({ subject: 'part', rights: rights({ watch: { north: ['lab/*'] } }) }));
    this.issue('eve', anIdentity({ subject: 'eve' }));
    this.issue('ann', anIdentity({ rights: rights({ provide: { north: ['clinic-7', 'lab/*'] } }) }));
  }

  override async verify(token: string) {
    if (token === 'slow') throw new TryAgainLater('the keys did not come');
    return await super.verify(token);
  }
}

type Monitor = ReturnType<typeof aSessionMonitor>;
export type World = (request: RequestWords & { readonly route: string }) => Promise<HttpResult>;

/** The API over what a monitor works on. */
function apiOver(monitor: Monitor, regions: MemoryRegionLedger = monitor.ledger): World {
  const handle = createApi(apiPortsOver(monitor, new People(), regions));
  return ({ route, ...words }) =>
    handle(aRequest({ method: methodOf(route), route, token: 'boss', ...words }));
}

const methodOf = (route: string): string => route.split(' ')[0] ?? '';

/** People in the north at ten past ten: one who left, one who timed out, one who is waiting, ids that are awkward. */
export async function peopled(): Promise<World> {
  const monitor = await aSettledMonitor(
    { mood: 'happy', covers: ['clinic-7', 'lab/*', 'lab/1'] },
    { of: 'bob', session: 's2', until: at('10:05') },
    { of: 'cid', session: 's3', leftAt: at('10:04'), until: at('10:04:10') },
    { of: 'dan', session: 's4', covers: ['ward'], until: at('10:03') },
    { of: '😀 "x"', session: '~', region: '__proto__', covers: ['constructor'] },
  );
  await monitor.tickAt('10:10');
  await monitor.sessions.save(aSession({ of: 'eli', session: 's5', until: at('10:09:59'), revision: 0 }));
  const standing = await monitor.watermarks.standing();
  const gaps = [{ fromMs: at('10:00'), untilMs: at('10:09:50') }];
  monitor.watermarks.standing = async () => ({ ...standing, gaps });
  return apiOver(monitor);
}

/** So many users and sessions in one facility that not all are listed. */
export async function crowded(): Promise<World> {
  const users = Array.from({ length: 1_001 }, (_, index) => ({ of: `u${index}`, session: `s${index}` }));
  return apiOver(await aSettledMonitor(...users));
}

/** More facilities than a page of a snapshot holds. */
export async function large(): Promise<World> {
  return apiOver(
    await aSettledMonitor({ covers: Array.from({ length: 2_001 }, (_, index) => `f-${index}`) }),
  );
}

/** A log of more entries than a page, and one facility of the south that flaps and was told in spite of gaps. */
export async function long(): Promise<World> {
  const monitor = aSessionMonitor();
  await withHistory(monitor.ledger, 130);
  const flapping = aFacility('clinic-7', { flapping: true, registry: { name: 'Clinic <seven>' } });
  const entry = anEntry([{ facility: flapping, transition: true, lastedMs: 7, despiteGaps: true }], {
    region: 'south',
    regionChange: { state: 'up', previousState: 'empty', cameOnline: 1, wentOffline: 0 },
  });
  const head = { ...newHead('south', 'e1'), seq: 1, revision: 1, digest: entry.digest, totals: entry.totals };
  await monitor.ledger.commit({ head, entry });
  return apiOver(monitor);
}

/** As-of stood still for a minute. */
export async function delayed(): Promise<World> {
  const monitor = await aSettledMonitor({});
  monitor.freezeAsOf();
  monitor.clock.advance(60_000);
  await monitor.tick();
  return apiOver(monitor);
}

/** Nobody has ever reported. */
export const empty = async (): Promise<World> => apiOver(aSessionMonitor());

/** The endpoint just after a session of it has beaten. */
export async function hurried(beat: object): Promise<World> {
  const world = await endpoint()();
  await world({ route: 'POST /heartbeat', body: beat });
  return world;
}

/** The endpoint; with `busy`, while the stream takes nothing. */
export const endpoint =
  (busy = false) =>
  async (): Promise<World> => {
    const monitor = aSessionMonitor();
    const stream = new MemoryBeatStream();
    stream.busy = busy;
    const canarySecret = { read: async () => 'known to two' };
    const handle = createEndpoint(
      { ...monitor, stream, canarySecret, verifier: new People(), limits: defaultLimits },
      defaultTimings,
    );
    return ({ route: _, ...words }) => handle(aRequest({ token: 'ann', ...words }));
  };
