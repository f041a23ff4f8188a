import fc from 'fast-check';
import { availabilityOf } from '../../core/history';
import { drawnSegments, segmentsOf, shareText } from '../../web/facility/timeline';
import type { Transition } from '../../web/facility/wire';
import { at } from '../support/builders';

const instant = (atMs: number): string => new Date(atMs).toISOString();
const transition = (
  time: number,
  status: 'online' | 'offline',
  reason: Transition['reason'] = 'timeout',
) => ({
  ...{ status, reason, at: instant(time), decidedAt: instant(time), version: 1 },
});
const told = (words: Partial<Parameters<typeof segmentsOf>[0]> = {}) => ({
  ...{ from: instant(at('09:00')), to: instant(at('11:00')), asOf: instant(at('11:00')) },
  ...{ statusBefore: 'online' as const, transitions: [] },
  ...words,
});
const shape = (words: Parameters<typeof told>[0]): readonly string[] =>
  segmentsOf(told(words)).map(
    ({ state, fromMs, toMs }) => `${state} ${instant(fromMs).slice(11, 16)}–${instant(toMs).slice(11, 16)}`,
  );

describe('how a facility spent its time', () => {
  test('its transitions part it, and what is after as-of nobody knows', () => {
    const transitions = [transition(at('09:30'), 'offline'), transition(at('10:00'), 'online', 'heartbeat')];
    expect(shape({ transitions, asOf: instant(at('10:45')) })).toEqual([
      'online 09:00–09:30',
      'offline 09:30–10:00',
      'online 10:00–10:45',
      'unknown 10:45–11:00',
    ]);
  });

  test('before anything was known, and after a removal, it is unknown', () => {
    const transitions = [
      transition(at('09:30'), 'online', 'heartbeat'),
      transition(at('10:00'), 'offline', 'removed'),
    ];
    expect(shape({ statusBefore: null, transitions })).toEqual([
      'unknown 09:00–09:30',
      'online 09:30–10:00',
      'unknown 10:00–11:00',
    ]);
  });

  test('given any history, then the bar adds up to what the server says of availability', () => {
    const step = fc.record({
      minute: fc.integer({ min: 0, max: 119 }),
      status: fc.constantFrom('online' as const, 'offline' as const),
      reason: fc.constantFrom('timeout' as const, 'removed' as const),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 8 }),
        fc.integer({ min: -30, max: 150 }),
        fc.constantFrom('online' as const, 'offline' as const, null),
        (steps, asOfMinute, statusBefore) => {
          const minute = (count: number): number => at('09:00') + count * 60_000;
          const transitions = steps
            .toSorted((a, b) => a.minute - b.minute)
            .map((one) => transition(minute(one.minute), one.status, one.reason));
          const asOfMs = minute(asOfMinute);
          const segments = segmentsOf(told({ statusBefore, transitions, asOf: instant(asOfMs) }));
          const spent = { online: 0, offline: 0, unknown: 0 };
          for (const { state, fromMs, toMs } of segments) spent[state] += toMs - fromMs;
          const { onlineMs, offlineMs, unknownMs } = availabilityOf(
            { fromMs: at('09:00'), toMs: at('11:00') },
            statusBefore === null ? undefined : { status: statusBefore, atMs: 0, reason: 'timeout' },
            transitions.map((one) => ({ ...one, atMs: Date.parse(one.at) })),
            asOfMs,
          );
          expect(spent).toEqual({ online: onlineMs, offline: offlineMs, unknown: unknownMs });
        },
      ),
    );
  });

  test('however short an outage was, it can be seen; those too near to tell apart are one', () => {
    const transitions = [
      transition(at('09:30:00'), 'offline'),
      transition(at('09:30:01'), 'online'),
      transition(at('09:30:30'), 'offline'),
      transition(at('09:30:31'), 'online'),
      transition(at('10:30:00'), 'offline'),
      transition(at('10:30:01'), 'online'),
    ];
    const drawn = drawnSegments(segmentsOf(told({ transitions })), 'offline', 60_000);
    expect(drawn.map(({ fromMs, toMs }) => toMs - fromMs)).toEqual([90_000, 60_000]);
  });

  test.each([
    [1, '100 %'],
    [0.99999, '99.99 %'],
    [0.5, '50 %'],
    [0.29, '29 %'],
    [0, '0 %'],
    [null, '–'],
  ])('%p is %p, never more than it was', (ratio, text) => {
    expect(shareText(ratio)).toBe(text);
  });
});
