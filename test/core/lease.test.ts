import fc from 'fast-check';
import {
  expiresAtMs,
  finalUntilMs,
  graceEndMs,
  leaseEndMs,
  longestReserveMs,
  renewSlackMs,
  reserveMs,
} from '../../core/lease';
import { defaultTimings } from '../../core/timings';
import { at, minutes, property, seconds } from '../support/builders';

describe('HB3 the lease of a beat', () => {
  test.each([
    [30, '10:01:35'],
    [60, '10:03:05'],
    [5, '10:00:20'],
    [300, '10:15:05'],
  ])('that promises the next within %p s, at ten, ends at %p', (next, end) => {
    expect(leaseEndMs(at('10:00'), next, defaultTimings)).toBe(at(end));
  });

  test('survives as many lost beats as the allowance is beyond one, for any interval', () => {
    const next = fc.integer({ min: 5, max: 300 });
    fc.assert(
      fc.property(next, (nextSeconds) => {
        const lastThatCounts = at('10:00') + seconds(defaultTimings.allowance * nextSeconds);
        return leaseEndMs(at('10:00'), nextSeconds, defaultTimings) > lastThatCounts;
      }),
      property,
    );
  });
});

describe('HB4 the grace of a session that leaves', () => {
  test('ends ten seconds after its goodbye', () => {
    expect(graceEndMs(at('10:00'), defaultTimings)).toBe(at('10:00:10'));
  });
});

describe('HB6 the slack of a written renewal', () => {
  test('spares the write of the next beat, a late one included', () => {
    expect(renewSlackMs(30, defaultTimings)).toBe(seconds(40));
  });

  test('is nothing where every renewal is to be written', () => {
    expect(renewSlackMs(30, { ...defaultTimings, renewBeats: 0 })).toBe(0);
  });
});

describe('HB6 the reserve of a write', () => {
  const ofWrites = (count: number, timings = defaultTimings) =>
    Array.from({ length: count }, (_, earlierWrites) => reserveMs(30, earlierWrites, timings));

  test('reaches one beat further at each tenth', () => {
    const nine = Array(9).fill(seconds(40));
    expect(ofWrites(20)).toEqual([...nine, seconds(70), ...nine, seconds(70)]);
    expect(longestReserveMs(30, defaultTimings)).toBe(seconds(70));
  });

  test('is nothing at any where every renewal is to be written', () => {
    const timings = { ...defaultTimings, renewBeats: 0 };
    expect(new Set(ofWrites(20, timings))).toEqual(new Set([0]));
    expect(longestReserveMs(30, timings)).toBe(0);
  });
});

test('HB5 leaving is final for an hour', () => {
  expect(finalUntilMs(at('10:00'), defaultTimings)).toBe(at('11:00'));
});

test('HB7, TR1 TTL takes a row a week after the session monitor would, so that it outlives a standstill', () => {
  expect(expiresAtMs(at('10:00'), defaultTimings)).toBe(at('11:00') + 7 * 24 * minutes(60));
});
