import { behind, dueReason, epochAt, transitionsOf } from '../../core/region';
import { aFacility, aHead, anEntry, aRecord, aRecount, aTransition, at, minutes } from '../support/builders';

describe('CD5 a region is settled', () => {
  const head = aHead([], { dueAtMs: at('10:05'), coveredMark: 3, settledAtMs: at('10:00') });
  const reason = (given: Parameters<typeof aRecord>[1], asOfMs = at('10:04'), nowMs = asOfMs) =>
    dueReason(aRecord(head, given), asOfMs, nowMs);

  test('when it was never settled', () => {
    const { head: _, ...unsettled } = aRecord(head);
    expect(dueReason(unsettled, at('10:04'), at('10:04'))).toBe('mark');
  });

  test('when the mark differs from the one that was covered, to either side', () => {
    expect(reason({ mark: 4 })).toBe('mark');
    expect(reason({ mark: 2 })).toBe('mark');
  });

  test('when as-of has reached the first lease that matters', () => {
    expect(reason({}, at('10:05'))).toBe('lease');
    expect(reason({}, at('10:04:59.999'))).toBeUndefined();
  });

  test('not when the clock passes that lease while as-of stands still', () => {
    expect(reason({}, at('10:04'), at('10:09'))).toBeUndefined();
  });

  test('ten minutes after it was, in any case', () => {
    expect(reason({}, at('10:04'), head.settledAtMs + minutes(10))).toBe('anyway');
    expect(reason({}, at('10:04'), head.settledAtMs + minutes(10) - 1)).toBeUndefined();
  });

  test('not by a lease when none lives', () => {
    const { dueAtMs: _, ...idle } = head;
    expect(dueReason(aRecord(idle), at('10:06'), at('10:06'))).toBeUndefined();
  });
});

test('CD3 of two epochs the later one is the greater number in base 36', () => {
  const [one, other] = [epochAt(at('10:00')), epochAt(at('10:00') + 1)];
  expect(Number.parseInt(other, 36)).toBeGreaterThan(Number.parseInt(one, 36));
});

describe('CD2 which sinks have not taken everything', () => {
  const head = aHead([aFacility('a', { version: 5 })]);

  test.each([
    [5, 5, []],
    [4, 5, ['websocket']],
    [5, 0, ['eventbridge']],
    [0, 0, ['websocket', 'eventbridge']],
  ])('with the cursors at %p and %p of 5: %p', (websocket, eventbridge, late) => {
    expect(behind(aRecord(head, { cursors: { websocket, eventbridge } }))).toEqual(late);
  });

  test('none in a region without head', () => {
    const cursors = { websocket: 0, eventbridge: 0 };
    expect(behind({ region: 'north', mark: 1, cursors })).toEqual([]);
  });
});

test('CD1 the history of an entry holds its changes of status, not those of counts', () => {
  const entry = anEntry([aTransition(aFacility('a')), aRecount(aFacility('b'))]);
  expect(transitionsOf(entry)).toEqual([
    {
      facility: 'a',
      status: 'online',
      atMs: at('10:00'),
      decidedAtMs: at('10:00:02'),
      decidedAsOfMs: at('10:00:01'),
      reason: 'heartbeat',
      version: 1,
    },
  ]);
});
