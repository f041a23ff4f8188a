import type { Connectivity } from '../../client/connectivity';
import { type ShownRegion, type Truth, truthOf } from '../../web/truth';
import { at } from '../support/builders';

const asOfMs = at('09:59:58');

const aRegion = (words: Partial<ShownRegion> = {}): ShownRegion => ({
  region: 'north',
  name: 'north',
  totals: { facilities: 0, online: 0, offline: 0, state: 'empty' },
  facilities: new Map(),
  status: 'live',
  asOfMs,
  isLoaded: true,
  ...words,
});

const truth = (connectivity: Connectivity, ...regions: readonly Partial<ShownRegion>[]): Truth =>
  truthOf({
    connectivity,
    regions: new Map(regions.map((words, index) => [`region-${index}`, aRegion(words)])),
  });

describe('CD4 how far the page can be believed', () => {
  test('given every region is live, then the page is', () => {
    expect(truth('connected', {}, {})).toEqual({ feed: 'live', asOfMs });
    expect(truth('connected')).toEqual({ feed: 'live', asOfMs: undefined });
  });

  test.each(['syncing', 'failed', 'connecting'] as const)(
    'given one of them is %s, then the page is not live',
    (status) => {
      expect(truth('connected', {}, { status })).toEqual({
        feed: 'connecting',
        why: 'catching-up',
        asOfMs,
      });
    },
  );

  test('given the regions are not listed yet, or one was never read, then the page connects for the first time', () => {
    const first: Truth = { feed: 'connecting', why: 'first', asOfMs: undefined };
    expect(truth('connecting')).toEqual(first);
    expect(truthOf({ connectivity: 'connected', regions: undefined })).toEqual(first);
    expect(truth('connected', {}, { isLoaded: false, status: 'syncing', asOfMs: undefined })).toEqual({
      ...first,
      asOfMs,
    });
  });

  test('TR1 given the server lags, then the page says since when: the oldest of those that do', () => {
    const late = { status: 'delayed', asOfMs: at('09:55') } as const;
    expect(truth('connected', late, { ...late, asOfMs: at('09:54') }, {})).toEqual({
      feed: 'delayed',
      asOfMs: at('09:54'),
    });
  });

  test('TR1 given the server has processed nothing yet, then the page names no instant', () => {
    const never = { status: 'delayed', asOfMs: 0 } as const;
    expect(truth('connected', never)).toEqual({ feed: 'delayed', asOfMs: undefined });
    expect(truth('disconnected', never)).toEqual({ feed: 'reconnecting', asOfMs: undefined });
  });

  test.each([
    ['disconnected', {}],
    ['failed', {}],
    ['connected', { status: 'stale' }],
  ] as const)('given it is %s, then the page says as of when it is', (connectivity, words) => {
    expect(truth(connectivity, {}, words)).toEqual({ feed: 'reconnecting', asOfMs });
  });

  test('AC2 given the operator may watch nothing, then that is said, and no word of a lost link', () => {
    const given = { connectivity: 'failed', forbidden: true, regions: undefined } as const;
    expect(truthOf(given)).toEqual({ feed: 'forbidden', asOfMs: undefined });
  });

  test('given one region lags, then only views that are about it, or about all, say so', () => {
    const regions = new Map([
      ['north', aRegion({ status: 'delayed' })],
      ['south', aRegion({ region: 'south' })],
    ]);
    expect(truthOf({ connectivity: 'connected', regions }, 'south').feed).toBe('live');
    expect(truthOf({ connectivity: 'connected', regions }, 'north').feed).toBe('delayed');
    expect(truthOf({ connectivity: 'connected', regions }).feed).toBe('delayed');
  });
});
