import { inMaintenance, maintenanceWithin } from '../../core/maintenance';
import { at } from '../support/builders';

const window = (from: string, to: string) => ({
  from: `2026-01-05T${from}:00Z`,
  to: `2026-01-05T${to}:00Z`,
});
const part = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });
const morning = part('08:00', '12:00');

test('a window holds from its beginning until just before its end', () => {
  const windows = [window('09:00', '10:00')];
  expect(
    ['08:59:59.999', '09:00', '09:59:59.999', '10:00'].map((time) => inMaintenance(windows, at(time))),
  ).toEqual([false, true, true, false]);
  expect(inMaintenance(undefined, at('09:30'))).toBe(false);
});

test.each([
  ['nothing', [], []],
  ['what lies within', [window('09:00', '10:00')], [part('09:00', '10:00')]],
  ['the part of it that does', [window('07:00', '09:00')], [part('08:00', '09:00')]],
  ['nothing of what does not', [window('06:00', '08:00'), window('12:00', '13:00')], []],
  [
    'those that overlap or touch as one',
    [window('09:30', '10:00'), window('09:00', '09:40'), window('10:00', '10:30')],
    [part('09:00', '10:30')],
  ],
  [
    'others apart, in order',
    [window('11:00', '11:30'), window('09:00', '09:10')],
    [part('09:00', '09:10'), part('11:00', '11:30')],
  ],
])('a stretch of time has %s', (_, windows, parts) => {
  expect(maintenanceWithin(morning, windows)).toEqual(parts);
});
