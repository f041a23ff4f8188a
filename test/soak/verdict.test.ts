import type { ChangesMessage } from '../../web/wire';
import type { HistoryRow } from '../support/change-log';
import { gaps, historyFaults, unsteadiness } from './verdict';

const change = (facility: string, status: 'online' | 'offline', version: number) => ({
  facility,
  status,
  at: `2026-01-05T10:00:${String(version).padStart(2, '0')}.000Z`,
  decidedAt: '2026-01-05T10:00:59.000Z',
  reason: status === 'online' ? ('heartbeat' as const) : ('timeout' as const),
  sessions: 1,
  users: 1,
  version,
});

const entry = (
  seq: number,
  epoch = 'e1',
  ...changes: readonly ReturnType<typeof change>[]
): ChangesMessage => ({
  type: 'changes',
  region: 'north',
  epoch,
  fromSeq: seq,
  toSeq: seq,
  asOf: '2026-01-05T10:00:00.000Z',
  changes: [...changes],
  totals: { facilities: 1, online: 1, offline: 0, state: 'up' },
});

const row = ({ facility, status, at, reason, version }: ReturnType<typeof change>): HistoryRow => ({
  region: 'north',
  transition: { facility, status, at, reason, version },
});

describe('the verdict of a soak', () => {
  test('CD3 notices an entry that is missing, comes twice, or is of another life', () => {
    expect(gaps('north', [entry(1), entry(2), entry(3)])).toEqual([]);
    expect(gaps('north', [entry(1), entry(3)])).toHaveLength(1);
    expect(gaps('north', [entry(1), entry(1)])).toHaveLength(1);
    expect(gaps('north', [entry(1), entry(2, 'e2')])).toHaveLength(1);
  });

  test('notices a history that is not that of the log, and a status that follows itself', () => {
    const online = change('a', 'online', 1);
    const offline = change('a', 'offline', 2);
    const again = change('a', 'offline', 3);
    const log = [entry(1, 'e1', online), entry(2, 'e1', offline)];
    expect(historyFaults('north', log, [row(online), row(offline)])).toEqual([]);
    expect(historyFaults('north', log, [row(online)])).toHaveLength(1);
    const twice = [...log, entry(3, 'e1', again)];
    expect(historyFaults('north', twice, [row(online), row(offline), row(again)])).toEqual([
      'north/a became offline twice, at last with 3',
    ]);
  });

  test('notices memory and handles that go on growing, not those that come and go', () => {
    const samples = (memory: (index: number) => number) =>
      Array.from({ length: 40 }, (_, index) => ({ life: 1, memoryMb: memory(index), handles: 200 }));
    expect(unsteadiness(samples((index) => 400 + (index % 7) * 20))).toEqual([]);
    expect(unsteadiness(samples((index) => 400 + index * 15))).toEqual([
      expect.stringMatching(/^memoryMb grew/),
    ]);
    expect(unsteadiness([])).toEqual([]);
  });
});
