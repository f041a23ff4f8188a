import {
  cutOff,
  load,
  type News,
  newRegion,
  type RegionFeed,
  receiveChanges,
  receiveTick,
  receiveTime,
  reload,
  resumed,
  snapshotFailed,
} from './region-feed';
import type { ChangesMessage, ClientMessage, FeedMessage, ListedRegion, Snapshot, TickMessage } from './wire';

/** A ping asks the server for proof that the page is right (CD4). */
export const pingEveryMs = 20_000;
/** While what the server knows is old, the page asks sooner whether that is over. */
export const delayedPingEveryMs = 5_000;
/** A socket that is silent for so long after a ping is dead. */
const pingPatienceMs = 5_000;
/** The server's limit of subscriptions for one socket. */
export const maxRegions = 200;

/** All that the page knows. Nothing in it reads a clock: `nowMs` is the page's own, monotonic. */
export interface Feed {
  readonly socket: 'connecting' | 'open' | 'lost';
  /** Undefined until the list of regions has arrived once. */
  readonly listedAtMs: number | undefined;
  readonly regions: ReadonlyMap<string, RegionFeed>;
  /** The region that the operator has chosen: it is watched before anybody has reported for it. */
  readonly chosen: string | undefined;
  readonly lastPingMs: number;
  /** When a ping was sent that nothing has answered yet. */
  readonly unansweredSinceMs: number | undefined;
  /** When the server last spoke, by both clocks: the page's own may be wrong. */
  readonly lastTick: { readonly atMs: number; readonly heardAtMs: number } | undefined;
}

export type FeedInput =
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  | { readonly type: 'listed'; readonly regions: readonly ListedRegion[] }
  | { readonly type: 'chosen'; readonly region: string | undefined }
  /** There is no such region for this operator. */
  | { readonly type: 'absent'; readonly region: string }
  | { readonly type: 'loaded'; readonly snapshot: Snapshot }
  | { readonly type: 'load-failed'; readonly region: string }
  | { readonly type: 'message'; readonly message: FeedMessage }
  /** Somebody looks at the page again: what it shows must be proved at once. */
  | { readonly type: 'looked-at' }
  | { readonly type: 'time' };

export type FeedCommand =
  | { readonly type: 'send'; readonly message: ClientMessage }
  | { readonly type: 'fetch-snapshot'; readonly region: string }
  | { readonly type: 'fetch-regions' }
  | { readonly type: 'reconnect'; readonly renewToken: boolean };

/** The feed after an input, what is to be done about it, and what the operator should hear of. */
export interface FeedStep {
  readonly feed: Feed;
  readonly commands: readonly FeedCommand[];
  readonly news: readonly News[];
}

export const emptyFeed: Feed = {
  socket: 'connecting',
  listedAtMs: undefined,
  regions: new Map(),
  chosen: undefined,
  lastPingMs: 0,
  unansweredSinceMs: undefined,
  lastTick: undefined,
};

/** The page's state machine (CD3, CD4). */
export function reduce(feed: Feed, input: FeedInput, nowMs: number): FeedStep {
  switch (input.type) {
    case 'opened':
      return opened(feed, nowMs);
    case 'closed':
      return just({ ...eachRegion(feed, cutOff), socket: 'lost', unansweredSinceMs: undefined });
    case 'listed':
      return listed(feed, input.regions, nowMs);
    case 'chosen':
      return timePassed(withChosen({ ...feed, chosen: input.region }, nowMs), nowMs);
    case 'absent':
      return just(without(feed, input.region));
    case 'loaded':
      return loaded(feed, input.snapshot, nowMs);
    case 'load-failed':
      return just(withRegion(feed, input.region, (region) => snapshotFailed(region, nowMs)));
    case 'message':
      return received({ ...feed, unansweredSinceMs: undefined }, input.message, nowMs);
    case 'looked-at':
      return feed.socket === 'open' ? ping(feed, nowMs) : just(feed);
    case 'time':
      return timePassed(feed, nowMs);
  }
}

const just = (feed: Feed, ...commands: readonly FeedCommand[]): FeedStep => ({ feed, commands, news: [] });

const eachRegion = (feed: Feed, change: (region: RegionFeed) => RegionFeed): Feed => ({
  ...feed,
  regions: new Map([...feed.regions].map(([id, region]) => [id, change(region)])),
});

function withRegion(feed: Feed, id: string, change: (region: RegionFeed) => RegionFeed): Feed {
  const region = feed.regions.get(id);
  return region === undefined ? feed : { ...feed, regions: new Map(feed.regions).set(id, change(region)) };
}

/** Asks the log for everything after what the page has; the server answers with that and a tick. */
function subscribe({ region, seq: since, epoch }: RegionFeed): FeedCommand {
  const message = { action: 'subscribe', region, since, ...(epoch !== null && { epoch }) } as const;
  return { type: 'send', message };
}

function opened(feed: Feed, nowMs: number): FeedStep {
  const ready = [...feed.regions.values()].filter(({ sync }) => sync.phase !== 'loading');
  const resuming = ready.map((region) => [region.region, resumed(region, nowMs)] as const);
  const regions = new Map([...feed.regions, ...resuming]);
  return just(
    { ...feed, regions, socket: 'open', lastPingMs: nowMs, unansweredSinceMs: undefined },
    ...ready.map(subscribe),
  );
}

/** A snapshot is taken first and the log asked from there on: nothing can be lost between the two. */
function loaded(feed: Feed, snapshot: Snapshot, nowMs: number): FeedStep {
  const before = feed.regions.get(snapshot.region);
  if (before?.sync.phase !== 'loading') return just(feed);
  const { state, news } = load(before, snapshot, nowMs);
  const open = feed.socket === 'open';
  const after = withRegion(feed, snapshot.region, () => (open ? resumed(state, nowMs) : state));
  return { feed: after, commands: open ? [subscribe(state)] : [], news };
}

const nobody = { facilities: 0, online: 0, offline: 0, state: 'empty' } as const;

/** A chosen region that is not listed begins as one that nobody has reported for; its snapshot tells whether it is one. */
function withChosen(feed: Feed, nowMs: number): Feed {
  const { chosen, regions, listedAtMs } = feed;
  if (chosen === undefined || listedAtMs === undefined || regions.has(chosen)) return feed;
  const region = newRegion({ region: chosen, name: chosen, totals: nobody }, nowMs);
  return { ...feed, regions: new Map(regions).set(chosen, region) };
}

function without(feed: Feed, id: string): Feed {
  const regions = new Map([...feed.regions].filter(([region]) => region !== id));
  return { ...feed, regions, chosen: feed.chosen === id ? undefined : feed.chosen };
}

function listed(feed: Feed, list: readonly ListedRegion[], nowMs: number): FeedStep {
  const isChosen = ({ region }: { readonly region: string }): boolean => region === feed.chosen;
  // One place is kept for the chosen region, listed or not.
  const others = list.filter((item) => !isChosen(item)).slice(0, maxRegions - 1);
  const shown = [...list.filter(isChosen), ...others].map((item): RegionFeed => {
    const known = feed.regions.get(item.region);
    return known ? { ...known, name: item.name } : newRegion(item, nowMs);
  });
  const kept = [...[...feed.regions.values()].filter(isChosen), ...shown];
  const regions = new Map(kept.map((region) => [region.region, region]));
  const after = withChosen({ ...feed, regions, listedAtMs: nowMs }, nowMs);
  const gone = [...feed.regions.keys()].filter((id) => feed.socket === 'open' && !after.regions.has(id));
  const step = timePassed(after, nowMs);
  const farewells = gone.map((region): FeedCommand => {
    return { type: 'send', message: { action: 'unsubscribe', region } };
  });
  return { ...step, commands: [...farewells, ...step.commands] };
}

function received(feed: Feed, message: FeedMessage, nowMs: number): FeedStep {
  switch (message.type) {
    case 'changes':
      return entered(feed, message, nowMs);
    case 'tick':
      return ticked(feed, message, nowMs);
    case 'resync': {
      const reloading = withRegion(feed, message.region, (region) => reload(region, nowMs));
      return timePassed(reloading, nowMs);
    }
    case 'error':
      return refused(feed, message.code);
  }
}

function entered(feed: Feed, message: ChangesMessage, nowMs: number): FeedStep {
  const before = feed.regions.get(message.region);
  if (before === undefined) return just(feed);
  const { state, news } = receiveChanges(before, message, nowMs);
  const after = withRegion(feed, message.region, () => state);
  return { ...timePassed(after, nowMs), news };
}

function ticked(feed: Feed, { at, regions }: TickMessage, nowMs: number): FeedStep {
  const atMs = Date.parse(at);
  let after: Feed = { ...feed, lastTick: { atMs, heardAtMs: nowMs } };
  for (const tick of regions) {
    after = withRegion(after, tick.region, (region) => receiveTick(region, tick, atMs, nowMs));
  }
  return timePassed(after, nowMs);
}

/** A subscription was refused for rights or number: the list of regions tells what is left to watch. */
const refused = (feed: Feed, code: Extract<FeedMessage, { type: 'error' }>['code']): FeedStep =>
  code === 'token-expired'
    ? just(feed, { type: 'reconnect', renewToken: true })
    : just(feed, { type: 'fetch-regions' });

const ping = (feed: Feed, nowMs: number): FeedStep =>
  just(
    { ...feed, lastPingMs: nowMs, unansweredSinceMs: feed.unansweredSinceMs ?? nowMs },
    { type: 'send', message: { action: 'ping' } },
  );

function timePassed(feed: Feed, nowMs: number): FeedStep {
  const regions = new Map(feed.regions);
  const commands: FeedCommand[] = [];
  for (const [id, region] of feed.regions) {
    const { state, ask } = receiveTime(region, nowMs);
    regions.set(id, state);
    if (ask === 'log') commands.push(subscribe(state));
    if (ask === 'snapshot') commands.push({ type: 'fetch-snapshot', region: id });
  }
  const step = heartbeat({ ...feed, regions }, nowMs);
  return { ...step, commands: [...commands, ...step.commands] };
}

function heartbeat(feed: Feed, nowMs: number): FeedStep {
  if (feed.socket !== 'open') return just(feed);
  const { unansweredSinceMs, lastPingMs } = feed;
  if (unansweredSinceMs !== undefined && nowMs - unansweredSinceMs >= pingPatienceMs) {
    return just({ ...feed, unansweredSinceMs: undefined }, { type: 'reconnect', renewToken: false });
  }
  const delayed = [...feed.regions.values()].some(({ proof }) => proof?.delayed);
  const everyMs = delayed ? delayedPingEveryMs : pingEveryMs;
  return nowMs - lastPingMs >= everyMs ? ping(feed, nowMs) : just(feed);
}
