import {
  delayedPingEveryMs,
  emptyFeed,
  type Feed,
  type FeedCommand,
  type FeedInput,
  maxRegions,
  pingEveryMs,
  reduce,
} from '../../web/feed';
import { type Truth, truthOf } from '../../web/truth';
import type { ListedRegion } from '../../web/wire';
import { at, seconds } from '../support/builders';

const totals = { facilities: 0, online: 0, offline: 0, state: 'empty' } as const;
const region = (name: string): ListedRegion => ({ region: name, name, totals });
const instant = (time: string): string => new Date(at(time)).toISOString();
const never = new Date(0).toISOString();

/** The page's knowledge over time: what it asks for, and what it shows of the feed. */
class PageScene {
  feed: Feed = emptyFeed;
  private nowMs = 0;
  private asked: FeedCommand[] = [];

  /** @returns what the page asks for because of that */
  after(...inputs: readonly FeedInput[]): readonly FeedCommand[] {
    this.asked = [];
    for (const input of inputs) this.tell(input);
    return this.asked;
  }

  /** @returns what the page asks for while time passes */
  wait(ms: number): readonly FeedCommand[] {
    this.asked = [];
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs += seconds(0.5);
      this.tell({ type: 'time' });
    }
    return this.asked;
  }

  get regions(): readonly string[] {
    return [...this.feed.regions.keys()].toSorted();
  }

  get truth(): Truth {
    return truthOf(this.feed, this.nowMs);
  }

  private tell(input: FeedInput): void {
    const { feed, commands } = reduce(this.feed, input, this.nowMs);
    this.feed = feed;
    this.asked.push(...commands);
  }
}

const listed = (...names: readonly string[]): FeedInput => ({ type: 'listed', regions: names.map(region) });
const chosen = (name?: string): FeedInput => ({ type: 'chosen', region: name });
const opened: FeedInput = { type: 'opened' };

/** The snapshot of a region that has no facilities. */
const loaded = (name: string): FeedInput => ({
  type: 'loaded',
  snapshot: { ...region(name), epoch: null, seq: 0, asOf: never, facilities: [] },
});

/** What the server says of a region without facilities. */
const tick = (name: string, asOf: string, delayed = false): FeedInput => {
  const standing = { region: name, epoch: null, seq: 0, asOf, digest: { count: 0, sum: 0 } };
  const regions = [{ ...standing, ...(delayed && { delayedSince: asOf }) }];
  return { type: 'message', message: { type: 'tick', at: instant('10:00'), regions } };
};

const pings = (commands: readonly FeedCommand[]): number =>
  commands.filter((command) => command.type === 'send' && command.message.action === 'ping').length;

describe('the chosen region', () => {
  test('given nobody has reported for it, when it is chosen, then it is watched all the same', () => {
    const page = new PageScene();
    page.after(opened, listed('north'));

    const asked = page.after(chosen('my-town'));

    expect(page.regions).toEqual(['my-town', 'north']);
    expect(asked).toContainEqual({ type: 'fetch-snapshot', region: 'my-town' });
    expect(page.after(loaded('my-town'))).toEqual([
      { type: 'send', message: { action: 'subscribe', region: 'my-town', since: 0 } },
    ]);
  });

  test('given it is chosen before the regions are listed, when they are, then it is among them', () => {
    const page = new PageScene();
    page.after(opened, chosen('my-town'), listed('north'), listed('north'));

    expect(page.regions).toEqual(['my-town', 'north']);
  });

  test('AC2 given there is none for this operator, when that is said, then it is gone and stays so', () => {
    const page = new PageScene();
    page.after(opened, listed('north'), chosen('secret'), { type: 'absent', region: 'secret' });

    expect(page.after(listed('north'))).toEqual([]);
    expect(page.regions).toEqual(['north']);
  });

  test('given another one is chosen, when the regions are listed again, then the first is let go', () => {
    const page = new PageScene();
    page.after(opened, listed('north'), chosen('my-town'), loaded('my-town'), chosen('north'));

    const asked = page.after(listed('north'));

    expect(asked).toContainEqual({ type: 'send', message: { action: 'unsubscribe', region: 'my-town' } });
    expect(page.regions).toEqual(['north']);
  });

  test('given more regions than a socket may watch, then the chosen one is among those that are', () => {
    const page = new PageScene();
    const names = Array.from({ length: maxRegions + 50 }, (_, index) => `region-${index}`);
    page.after(opened, chosen('region-249'), listed(...names));

    expect(page.regions).toHaveLength(maxRegions);
    expect(page.regions).toContain('region-249');
  });
});

describe('CD4 the proof that the page is right', () => {
  const aPage = (): PageScene => {
    const page = new PageScene();
    page.after(opened, listed('north'), loaded('north'));
    return page;
  };

  test('given a tick that agrees, then the page is live, and asks again in time', () => {
    const page = aPage();
    page.after(tick('north', instant('09:59:58')));

    expect(page.truth).toEqual({ feed: 'live' });
    expect(pings(page.wait(pingEveryMs - seconds(1)))).toBe(0);
    expect(pings(page.wait(seconds(1)))).toBe(1);
  });

  test('TR1 given the server lags, then the page says since when, and asks sooner whether that is over', () => {
    const page = aPage();
    page.after(tick('north', instant('09:55'), true));

    expect(page.truth).toEqual({ feed: 'delayed', sinceMs: at('09:55') });
    expect(pings(page.wait(delayedPingEveryMs))).toBe(1);
    page.after(tick('north', instant('09:59:58')));
    expect(page.truth).toEqual({ feed: 'live' });
  });

  test('TR1 given the server has processed nothing yet, then the page names no instant', () => {
    const page = aPage();
    page.after(tick('north', never, true));

    expect(page.truth).toEqual({ feed: 'delayed', sinceMs: undefined });
    page.after({ type: 'closed' });
    expect(page.truth).toEqual({ feed: 'reconnecting', asOfMs: undefined });
  });
});
