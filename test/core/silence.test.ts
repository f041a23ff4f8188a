import { endOf, type Gap } from '../../core/silence';
import { defaultTimings } from '../../core/timings';
import { aSession, at, minutes } from '../support/builders';

const t = defaultTimings;
/** Lost beats from ten on, for so long. */
const gap = (until: string, from = '10:00'): Gap => ({ fromMs: at(from), untilMs: at(until) });

/** A session that beats every 30 s and whose lease, 95 s long, ends at a minute past ten. */
const silent = aSession({ until: at('10:01'), next: 30 });

describe('TR3 after a gap, a timeout waits for the length of the session’s own lease', () => {
  const toldFrom = (gaps: readonly Gap[], session = silent) => endOf(session, gaps, t).tellFromMs;

  test('without a gap it is told as soon as as-of has passed the lease', () => {
    expect(toldFrom([])).toBe(at('10:01'));
  });

  test('a gap that leaves the session two beats that count postpones nothing', () => {
    expect(toldFrom([gap('10:00:30')])).toBe(at('10:01'));
    expect(toldFrom([gap('10:00:30.001')])).toBe(at('10:02:05.001'));
    const hidden = aSession({ until: at('10:02'), next: 60 });
    expect(toldFrom([gap('10:00:54.999')], hidden)).toBe(at('10:02'));
    expect(toldFrom([gap('10:00:55')], hidden)).toBe(at('10:04'));
  });

  test('a session that beats more often can sit out less', () => {
    const quick = aSession({ until: at('10:00:20'), next: 5 });
    expect(toldFrom([gap('10:00:01.999')], quick)).toBe(at('10:00:20'));
    expect(toldFrom([gap('10:00:10.001')], quick)).toBe(at('10:00:30.001'));
  });

  test('one that may have swallowed beats at both of its ends and between waits: three, given the endpoint is away for 63 s', () => {
    // Beats arrived at 09:58:55 and 09:59:29, and would have at 09:59:59, 10:00:29 and 10:00:59.
    const hit = aSession({ since: at('09:58:55'), until: at('10:01:10'), next: 30 });
    expect(toldFrom([gap('10:01:03', '09:59:58')], hit)).toBe(at('10:02:38'));
  });

  describe('several gaps that are too short each', () => {
    const until = at('10:02');
    const session = aSession({ since: at('10:00'), until, next: 30 });
    const blips = (lossy?: true) =>
      ['10:00:20', '10:00:50', '10:01:20'].map((from) => ({
        ...gap(new Date(at(from) + 12_000).toISOString().slice(11, 23), from),
        ...(lossy && { lossy }),
      }));

    test('may have swallowed all beats but one together, where beats were turned away in them', () => {
      expect(toldFrom(blips(true), session)).toBe(at('10:03:07'));
      expect(toldFrom(blips(true).slice(1), session)).toBe(at('10:03:07'));
      expect(toldFrom(blips(true).slice(2), session)).toBe(until);
    });

    test('or where each is longer than the freshness limit', () => {
      const hidden = aSession({ since: at('10:00'), until: at('10:03'), next: 60 });
      const outages = [gap('10:00:45', '10:00:05'), gap('10:01:40', '10:01')];
      expect(toldFrom(outages, hidden)).toBe(at('10:04:45'));
      expect(toldFrom(outages.slice(1), hidden)).toBe(at('10:03'));
    });

    test('but slow ticks, which look the same, keep nobody waiting', () => {
      expect(toldFrom(blips(), session)).toBe(until);
    });

    test('and those before the last beat are over', () => {
      const later = aSession({ since: at('10:01:32'), until: at('10:04'), next: 30 });
      expect(toldFrom(blips(true), later)).toBe(at('10:04'));
    });
  });

  test('whoever is waited for may meet the next gap', () => {
    const again = [gap('10:05', '10:00:30'), gap('10:09', '10:05:20')];
    expect(toldFrom(again)).toBe(at('10:10:35'));
    expect(toldFrom([gap('10:05', '10:00:30'), gap('10:09', '10:06:35')])).toBe(at('10:06:35'));
  });

  test('a gap that began after the lease is none of the session’s', () => {
    expect(toldFrom([gap('10:05', '10:01')])).toBe(at('10:01'));
    expect(toldFrom([gap('10:05', '10:00:59.999')])).toBe(at('10:06:35'));
  });

  test('of several the last one counts', () => {
    expect(toldFrom([gap('10:02'), gap('10:04', '10:00:30')])).toBe(at('10:05:35'));
  });

  test('repeated gaps postpone by fifteen minutes at most, and that is said', () => {
    const end = endOf(silent, [gap('10:20')], t);
    expect(end).toMatchObject({ tellFromMs: at('10:01') + minutes(15), despiteGaps: true });
    expect(endOf(silent, [gap('10:14:25')], t)).toMatchObject({ despiteGaps: false });
  });

  test('it is stamped with the end of the lease all the same (TR5)', () => {
    expect(endOf(silent, [gap('10:05')], t)).toMatchObject({ atMs: at('10:01'), reason: 'timeout' });
  });
});

describe('TR3 a goodbye waits for nothing', () => {
  test('it is told when its grace is over', () => {
    const left = aSession({ leftAt: at('10:00:50'), until: at('10:01') });
    expect(endOf(left, [gap('10:05')], t)).toEqual({
      atMs: at('10:00:50'),
      reason: 'leave',
      tellFromMs: at('10:01'),
      despiteGaps: false,
    });
  });

  test('one that came after the lease changes nothing of the timeout before it, which it confirms', () => {
    const late = aSession({ leftAt: at('10:02'), until: at('10:01') });
    expect(endOf(late, [gap('10:05')], t)).toMatchObject({
      atMs: at('10:01'),
      reason: 'timeout',
      tellFromMs: at('10:01'),
    });
  });
});
