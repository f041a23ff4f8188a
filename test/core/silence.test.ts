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

  test('a gap that the session can sit out postpones nothing', () => {
    expect(toldFrom([gap('10:01:05')])).toBe(at('10:01'));
    expect(toldFrom([gap('10:01:05.001')])).toBe(at('10:02:40.001'));
  });

  test('a session that beats more often can sit out less', () => {
    const quick = aSession({ until: at('10:00:20'), next: 5 });
    expect(toldFrom([gap('10:00:15')], quick)).toBe(at('10:00:20'));
    expect(toldFrom([gap('10:00:16')], quick)).toBe(at('10:00:36'));
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
