import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvOf } from '../../web/region/csv';
import { at } from '../support/builders';
import { offline, rowsIn, shownFacility } from './builders';

const stamp = { asOf: '2026-01-05T10:00:00.000Z', isLive: true, nowMs: at('10:00') };
const read = (text: string): readonly Record<string, string>[] => parse(text, { columns: true });

describe('the list as CSV', () => {
  test('each row says what it is true of', () => {
    const [row] = read(csvOf(rowsIn('north', offline('clinic-7', { reason: 'leave' })), stamp));
    expect(row).toEqual({
      ...{ region: 'north', id: 'clinic-7', name: 'clinic-7', status: 'offline', reason: 'leave' },
      ...{ since: '2026-01-05T09:00:00.000Z', sessions: '0', users: '0' },
      ...{ flapping: 'false', maintenance: 'false', 'as of': stamp.asOf, live: 'true' },
    });
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'given a facility is called %p, then no spreadsheet takes it for a formula',
    (name) => {
      const [row] = read(csvOf(rowsIn('north', shownFacility('a', { name })), stamp));
      expect(row?.name).toBe(`'${name}`);
    },
  );

  test('given any name, then it comes back as it was, after an apostrophe where it would be a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const [row] = read(csvOf(rowsIn('north', shownFacility('a', { name })), stamp));
        expect(row?.name).toBe(/^[=+\-@\t\r]/.test(name) ? `'${name}` : name);
      }),
      { examples: [["'-"]] },
    );
  });
});
