import fc from 'fast-check';
import type { Reason, Status } from '../../core/facility';
import { availabilityOf, ratioOf } from '../../core/history';
import { inMaintenance, maintenanceWithin } from '../../core/maintenance';
import { instant } from '../../core/messages';
import { someInstant } from '../support/arbitraries';
import { at, minutes, property } from '../support/builders';

const hourOfTen = { fromMs: at('10:00'), toMs: at('10:10') };
const known = fc
  .record({
    atMs: someInstant,
    reason: fc.constantFrom<Reason>('heartbeat', 'leave', 'timeout', 'registered', 'removed'),
  })
  .map(({ atMs, reason }) => {
    const status: Status = reason === 'heartbeat' ? 'online' : 'offline';
    return { atMs, reason, status };
  });
const within = fc.array(known, { maxLength: 10 }).map((all) => all.toSorted((a, b) => a.atMs - b.atMs));
const before = fc.option(
  known.map((one) => ({ ...one, atMs: one.atMs - minutes(20) })),
  { nil: undefined },
);
const asOf = fc.integer({ min: at('09:50'), max: at('10:20') });
const windows = fc
  .array(fc.tuple(someInstant, someInstant), { maxLength: 4 })
  .map((pairs) =>
    pairs.filter(([from, to]) => from < to).map(([from, to]) => ({ from: instant(from), to: instant(to) })),
  );

describe('TR5 laws of history', () => {
  test('whatever became of a facility, the parts of a window are it together', () => {
    fc.assert(
      fc.property(before, within, asOf, windows, (earlier, transitions, asOfMs, closed) => {
        const spent = availabilityOf(
          hourOfTen,
          earlier,
          transitions,
          asOfMs,
          maintenanceWithin(hourOfTen, closed),
        );
        const parts = Object.values(spent);
        expect(parts.reduce((sum, ms) => sum + ms, 0)).toBe(hourOfTen.toMs - hourOfTen.fromMs);
        for (const ms of parts) expect(ms).toBeGreaterThanOrEqual(0);
        const ratio = ratioOf(spent);
        expect(ratio === null || (ratio >= 0 && ratio <= 1)).toBe(true);
      }),
      property,
    );
  });

  test('a window is its two halves, wherever it is cut', () => {
    fc.assert(
      fc.property(before, within, asOf, someInstant, (earlier, transitions, asOfMs, cutMs) => {
        const first = transitions.filter(({ atMs }) => atMs < cutMs);
        const second = transitions.filter(({ atMs }) => atMs >= cutMs);
        const whole = availabilityOf(hourOfTen, earlier, transitions, asOfMs);
        const one = availabilityOf({ ...hourOfTen, toMs: cutMs }, earlier, first, asOfMs);
        const other = availabilityOf(
          { ...hourOfTen, fromMs: cutMs },
          first.at(-1) ?? earlier,
          second,
          asOfMs,
        );
        expect(one.onlineMs + other.onlineMs).toBe(whole.onlineMs);
        expect(one.offlineMs + other.offlineMs).toBe(whole.offlineMs);
        expect(one.unknownMs + other.unknownMs).toBe(whole.unknownMs);
      }),
      property,
    );
  });

  test('maintenance is where a window holds, and nowhere else', () => {
    fc.assert(
      fc.property(windows, someInstant, (closed, nowMs) => {
        const parts = maintenanceWithin(hourOfTen, closed);
        expect(parts.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)).toBe(
          inMaintenance(closed, nowMs),
        );
        for (const [index, part] of parts.entries()) {
          expect(part.fromMs).toBeLessThan(part.toMs);
          expect(part.fromMs).toBeGreaterThan(parts[index - 1]?.toMs ?? 0);
        }
      }),
      property,
    );
  });
});
