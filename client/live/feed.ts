import type { Reason } from '../errors';
import type { Push, RowChange, Snapshot, Standing } from './log';
import { pushOfChanges, pushOfPresence, standingOfFacility, standingOfRegion } from './translate';
import {
  cutOff,
  doubted,
  failed,
  isReady,
  load,
  newWatch,
  notLoaded,
  receivePush,
  receiveStanding,
  receiveTime,
  reload,
  resumed,
  type Watch,
  type WatchStep,
} from './watch';
import type { ClientMessage, FeedMessage, TickMessage, Topic } from './wire';

/** A ping asks the server for proof that what is shown is right (CD4). */
export const pingEveryMs = 20_000;
/** While what the server knows is old, it is asked sooner whether that is over. */
export const delayedPingEveryMs = 5_000;
/** A socket on which no tick answers a ping within this is dead, or as good as that. */
const pingPatienceMs = 5_000;

/** All that is known. Nothing in it reads a clock: `nowMs` is the page's own, monotonic. */
export interface Feed {
  readonly socket: 'connecting' | 'open' | 'lost';
  /** By {@link keyOf}. */
  readonly watches: ReadonlyMap<string, Watch>;
  readonly lastPingMs: number;
  /** When a ping was sent that nothing has answered yet. */
  readonly askedAtMs: number | undefined;
  /** When (page's clock) the server last said where it stands. */
  readonly lastTickMs: number | undefined;
  /** How far the server's clock is ahead of the page's, which may be wrong. */
  readonly aheadMs: number;
  /** The socket has told nothing yet, so neither how far the clocks differ. */
  readonly isNew: boolean;
  /** The last subscription that was turned away; which one, the server does not say. */
  readonly refused: { readonly reason: Reason; readonly atMs: number } | undefined;
}

export type FeedInput =
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  | { readonly type: 'watch'; readonly topic: Topic }
  | { readonly type: 'unwatch'; readonly topic: Topic }
  | { readonly type: 'loaded'; readonly topic: Topic; readonly snapshot: Snapshot }
  /** With a reason where there never will be a snapshot. */
  | { readonly type: 'not-loaded'; readonly topic: Topic; readonly reason?: Reason | undefined }
  /** Nobody will open a socket again. */
  | { readonly type: 'failed'; readonly reason: Reason }
  | { readonly type: 'message'; readonly message: FeedMessage }
  /** Somebody looks at the page again: what it shows must be proved at once. */
  | { readonly type: 'looked-at' }
  | { readonly type: 'time' };

export type FeedCommand =
  | { readonly type: 'send'; readonly message: ClientMessage }
  | { readonly type: 'fetch'; readonly topic: Topic }
  /** The socket is dead, or its token has expired. */
  | { readonly type: 'reconnect'; readonly renewToken: boolean };

/** What became of one watch. */
export interface FeedNews {
  readonly key: string;
  readonly changes: readonly RowChange[];
  readonly applied: readonly Push[];
}

/** The feed after an input, what is to be done about it, and what changed. */
export interface FeedStep {
  readonly feed: Feed;
  readonly commands: readonly FeedCommand[];
  readonly news: readonly FeedNews[];
}

export const emptyFeed: Feed = {
  socket: 'connecting',
  watches: new Map(),
  lastPingMs: 0,
  askedAtMs: undefined,
  lastTickMs: undefined,
  aheadMs: 0,
  isNew: true,
  refused: undefined,
};

/** No id holds a space. */
export const keyOf = ({ region, facility = '' }: Topic): string => `${region} ${facility}`;

/** The state machine of the live feed (CD3, CD4). */
export function reduce(feed: Feed, input: FeedInput, nowMs: number): FeedStep {
  switch (input.type) {
    case 'opened':
      return opened(feed, nowMs);
    case 'closed':
      return just({ ...each(feed, cutOff), socket: 'lost', askedAtMs: undefined });
    case 'watch':
      return watched(feed, input.topic, nowMs);
    case 'unwatch':
      return unwatched(feed, input.topic);
    case 'loaded':
      return loaded(feed, input.topic, input.snapshot, nowMs);
    case 'not-loaded':
      return just(changed(feed, input.topic, (watch) => notLoaded(watch, input.reason, nowMs)));
    case 'failed':
      return just(each(feed, (watch) => failed(watch, input.reason)));
    case 'message':
      return received(feed, input.message, nowMs);
    case 'looked-at':
      return feed.socket === 'open' ? ping(feed, nowMs) : just(feed);
    case 'time':
      return timePassed(feed, nowMs);
  }
}

const just = (feed: Feed, ...commands: readonly FeedCommand[]): FeedStep => ({ feed, commands, news: [] });

const each = (feed: Feed, change: (watch: Watch) => Watch): Feed => ({
  ...feed,
  watches: new Map([...feed.watches].map(([key, watch]) => [key, change(watch)])),
});

function changed(feed: Feed, topic: Topic, change: (watch: Watch) => Watch): Feed {
  const key = keyOf(topic);
  const watch = feed.watches.get(key);
  return watch === undefined ? feed : { ...feed, watches: new Map(feed.watches).set(key, change(watch)) };
}

/** The same for a step, which may be news. */
function stepped(feed: Feed, topic: Topic, take: (watch: Watch) => WatchStep): FeedStep {
  let news: readonly FeedNews[] = [];
  const after = changed(feed, topic, (before) => {
    const { watch, changes, applied } = take(before);
    news = [{ key: keyOf(topic), changes, applied }];
    return watch;
  });
  return { feed: after, commands: [], news };
}

/** Asks the log for everything after what is shown; the server answers with that and a tick. */
function subscribe({ topic, seq: since, epoch }: Watch): FeedCommand {
  const message = { action: 'subscribe', ...topic, since, ...(epoch !== null && { epoch }) } as const;
  return { type: 'send', message };
}

/**
 * The log is asked for everything there is. Also where a socket takes over from another one: a subscription that fails on the
 * new one must not go unnoticed.
 */
function opened(feed: Feed, nowMs: number): FeedStep {
  const socket = { socket: 'open', isNew: true, askedAtMs: undefined, lastPingMs: nowMs } as const;
  return timePassed({ ...each(feed, (watch) => doubted(watch, nowMs)), ...socket }, nowMs);
}

function watched(feed: Feed, topic: Topic, nowMs: number): FeedStep {
  const watches = new Map(feed.watches).set(keyOf(topic), newWatch(topic, nowMs));
  return timePassed({ ...feed, watches }, nowMs);
}

function unwatched(feed: Feed, topic: Topic): FeedStep {
  const watches = new Map(feed.watches);
  watches.delete(keyOf(topic));
  return just({ ...feed, watches }, { type: 'send', message: { action: 'unsubscribe', ...topic } });
}

/** A snapshot is taken first and the log asked from there on: nothing can be lost between the two. */
function loaded(feed: Feed, topic: Topic, snapshot: Snapshot, nowMs: number): FeedStep {
  const commands: FeedCommand[] = [];
  const step = stepped(feed, topic, (before) => {
    const after = load(before, snapshot, nowMs);
    if (feed.socket !== 'open' || !isReady(after.watch)) return after;
    commands.push(subscribe(after.watch));
    return { ...after, watch: resumed(after.watch, nowMs) };
  });
  return { ...step, commands };
}

function received(feed: Feed, message: FeedMessage, nowMs: number): FeedStep {
  switch (message.type) {
    case 'changes':
      return pushed(feed, message, pushOfChanges(message), nowMs);
    case 'presence':
      return pushed(feed, message, pushOfPresence(message), nowMs);
    case 'tick':
      return ticked(feed, message, nowMs);
    case 'resync': {
      const outlived = message.reason === 'epoch';
      return timePassed(
        changed(feed, message, (watch) => reload(watch, nowMs, outlived)),
        nowMs,
      );
    }
    case 'error':
      return turnedAway(feed, message.code, nowMs);
    default:
      // What a later server says besides is for later clients.
      return just(feed);
  }
}

function pushed(feed: Feed, { region, facility }: Topic, push: Push, nowMs: number): FeedStep {
  const topic = { region, ...(facility !== undefined && { facility }) };
  const { feed: after, news } = stepped(feed, topic, (watch) => receivePush(watch, push, nowMs));
  return { ...timePassed(after, nowMs), news };
}

function ticked(feed: Feed, { at, regions, facilities = [] }: TickMessage, nowMs: number): FeedStep {
  // What waited somewhere, as in a page that slept, proves only what was true then.
  const seenAheadMs = Date.parse(at) - nowMs;
  const aheadMs = feed.isNew ? seenAheadMs : Math.max(feed.aheadMs, seenAheadMs);
  const saidAtMs = nowMs - (aheadMs - seenAheadMs);
  const isAnswer = nowMs - saidAtMs < pingPatienceMs;
  let after: Feed = {
    ...feed,
    aheadMs,
    isNew: false,
    lastTickMs: Math.max(feed.lastTickMs ?? 0, saidAtMs),
    askedAtMs: isAnswer ? undefined : feed.askedAtMs,
  };
  const stands = (topic: Topic, standing: Standing): void => {
    after = changed(after, topic, (watch) => receiveStanding(watch, { ...standing, saidAtMs }, nowMs));
  };
  for (const tick of regions) stands({ region: tick.region }, standingOfRegion(tick));
  for (const tick of facilities) {
    const ofRegion = regions.find(({ region }) => region === tick.region);
    stands(tick, standingOfFacility(tick, ofRegion));
  }
  return timePassed(after, nowMs);
}

function turnedAway(
  feed: Feed,
  code: Extract<FeedMessage, { type: 'error' }>['code'],
  nowMs: number,
): FeedStep {
  if (code === 'token-expired') return just(feed, { type: 'reconnect', renewToken: true });
  const reason = code === 'bad-request' ? 'rejected' : code;
  return just({ ...feed, refused: { reason, atMs: nowMs } });
}

const ping = (feed: Feed, nowMs: number): FeedStep =>
  just(
    { ...feed, lastPingMs: nowMs, askedAtMs: feed.askedAtMs ?? nowMs },
    { type: 'send', message: { action: 'ping' } },
  );

function timePassed(feed: Feed, nowMs: number): FeedStep {
  const watches = new Map(feed.watches);
  const commands: FeedCommand[] = [];
  for (const [key, before] of feed.watches) {
    const { watch, ask } = receiveTime(leftOut(before, feed, nowMs), nowMs, feed.refused);
    watches.set(key, watch);
    if (ask === 'log') commands.push(subscribe(watch));
    if (ask === 'snapshot') commands.push({ type: 'fetch', topic: watch.topic });
  }
  const step = pinged({ ...feed, watches }, nowMs);
  return { ...step, commands: [...commands, ...step.commands] };
}

/** Doubts a topic that ticks no longer speak of: the server has no subscription to it on this socket. */
const leftOut = (watch: Watch, { lastTickMs }: Feed, nowMs: number): Watch =>
  watch.sync.phase === 'current' &&
  watch.proof &&
  watch.proof.atMs !== lastTickMs &&
  nowMs - watch.proof.atMs > pingEveryMs + pingPatienceMs
    ? doubted(watch, nowMs)
    : watch;

function pinged(feed: Feed, nowMs: number): FeedStep {
  if (feed.socket !== 'open') return just(feed);
  const { askedAtMs, lastPingMs } = feed;
  if (askedAtMs !== undefined && nowMs - askedAtMs >= pingPatienceMs) {
    return just({ ...feed, askedAtMs: undefined }, { type: 'reconnect', renewToken: false });
  }
  const isDelayed = [...feed.watches.values()].some(({ proof }) => proof?.delayed);
  return nowMs - lastPingMs >= (isDelayed ? delayedPingEveryMs : pingEveryMs)
    ? ping(feed, nowMs)
    : just(feed);
}
