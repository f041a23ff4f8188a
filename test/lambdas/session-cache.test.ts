import { SessionCache } from '../../lambdas/heartbeat-monitor/session-cache';
import { aSession } from '../support/builders';

/** A cache of two sessions, `a` older than `b`. */
function aFullCache(): SessionCache {
  const cache = new SessionCache(2);
  cache.set('a', aSession({ session: 'a' }));
  cache.set('b', aSession({ session: 'b' }));
  return cache;
}

const kept = (cache: SessionCache) => ['a', 'b', 'c'].filter((key) => cache.get(key) !== undefined);

describe('HB6 what is known of stored sessions is bounded', () => {
  test('given it is full, when another comes, then the longest unused goes', () => {
    const cache = aFullCache();
    cache.set('c', aSession({ session: 'c' }));
    expect(kept(cache)).toEqual(['b', 'c']);
  });

  test('given the oldest was used since, when another comes, then it stays', () => {
    const cache = aFullCache();
    expect(cache.get('a')).toMatchObject({ sessionId: 'a' });
    cache.set('c', aSession({ session: 'c' }));
    expect(kept(cache)).toEqual(['a', 'c']);
  });

  test('given a known one is written again, when it is set, then no other goes', () => {
    const cache = aFullCache();
    cache.set('a', aSession({ session: 'a', revision: 2 }));
    expect(cache.get('a')?.revision).toBe(2);
    expect(kept(cache)).toEqual(['a', 'b']);
  });

  test('given one is deleted, when it is asked for, then it is unknown', () => {
    const cache = aFullCache();
    cache.delete('a');
    expect(kept(cache)).toEqual(['b']);
  });
});
