import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { CommitLost } from '../../core/errors';
import { digestOf, type Facility, totals } from '../../core/facility';
import type { RegionLedger } from '../../core/ports';
import { type Commit, type Entry, newHead, type RegionHead } from '../../core/region';
import { onEveryStore, unique } from './implementations';

const facility = (id: string, version: number): Facility => ({
  id,
  status: 'online',
  sinceMs: 1_000,
  decidedAtMs: 2_000,
  decidedAsOfMs: 1_500,
  reason: 'heartbeat',
  sessions: 1,
  users: 1,
  version,
  flapping: false,
  recentChangesMs: [1_000],
});

const entryOf = (head: RegionHead, ids: readonly string[]): Entry => {
  const facilities = ids.map((id) => facility(id, head.seq + 1));
  return {
    region: head.region,
    epoch: head.epoch,
    seq: head.seq + 1,
    asOfMs: 1_500,
    decidedAtMs: 2_000,
    changes: facilities.map((changed) => ({ facility: changed, transition: true })),
    totals: totals(ids.length, ids.length),
    digest: digestOf(facilities),
    delayed: false,
  };
};

const committing = (head: RegionHead, ids: readonly string[]): Commit => {
  const entry = entryOf(head, ids);
  const next = { ...head, seq: entry.seq, totals: entry.totals, digest: entry.digest };
  return { head: { ...next, dueAtMs: 97_000, revision: head.revision + 1 }, entry };
};

onEveryStore<RegionLedger>(
  'RegionLedger',
  () => new MemoryRegionLedger(),
  (client, tables) => new DynamoRegionLedger(client, tables),
  (get) => {
    const aRegion = () => newHead(unique('region'), 'e1');

    test('CD1 a region that nobody has heard of has no head, mark 0 and no entries', async () => {
      const region = unique('region');
      expect(await get().read(region)).toEqual({
        region,
        mark: 0,
        cursors: { websocket: 0, eventbridge: 0 },
      });
      expect(await get().facilities(region)).toEqual([]);
      expect(await get().entriesAfter(region, 0, 10)).toEqual([]);
    });

    test('CD1 a commit writes head, entry and facilities together', async () => {
      const commit = committing(aRegion(), ['clinic-7', '__proto__']);
      await get().commit(commit);
      const { region } = commit.head;
      expect((await get().read(region)).head).toEqual(commit.head);
      expect(await get().entriesAfter(region, 0, 10)).toEqual([commit.entry]);
      expect((await get().facilities(region)).map(({ id }) => id)).toEqual(['__proto__', 'clinic-7']);
    });

    test('CD1 forty-nine transitions fit one commit', async () => {
      const ids = Array.from({ length: 49 }, (_, index) => `facility-${index}`);
      const commit = committing(aRegion(), ids);
      await get().commit(commit);
      expect(await get().facilities(commit.head.region)).toHaveLength(49);
    });

    test('CD1 of two commits from the same head one is lost and changes nothing', async () => {
      const head = aRegion();
      const won = committing(head, ['clinic-7']);
      await get().commit(won);
      await expect(get().commit(committing(head, ['clinic-8']))).rejects.toThrow(CommitLost);
      expect((await get().facilities(head.region)).map(({ id }) => id)).toEqual(['clinic-7']);
      expect((await get().read(head.region)).head).toEqual(won.head);
    });

    test('CD1 of two commits from a head that is not the first one is lost, too', async () => {
      const first = committing(aRegion(), ['clinic-7']);
      await get().commit(first);
      const won = committing(first.head, ['clinic-8']);
      await get().commit(won);
      await expect(get().commit(committing(first.head, ['clinic-9']))).rejects.toThrow(CommitLost);
      expect((await get().facilities(first.head.region)).map(({ id }) => id)).toEqual([
        'clinic-7',
        'clinic-8',
      ]);
      expect((await get().read(first.head.region)).head).toEqual(won.head);
    });

    test('CD3 a commit of an earlier life of the log is lost, though the region has come as far again', async () => {
      const won = committing(aRegion(), ['clinic-7']);
      await get().commit(won);
      const late = committing({ ...won.head, epoch: 'e0' }, ['clinic-8']);
      await expect(get().commit(late)).rejects.toThrow(CommitLost);
      expect((await get().read(won.head.region)).head).toEqual(won.head);
    });

    test('CD1 a first change of a facility that is there already is refused, and changes nothing', async () => {
      const won = committing(aRegion(), ['clinic-7']);
      await get().commit(won);
      await expect(get().commit(committing(won.head, ['clinic-8', 'clinic-7']))).rejects.toThrow(CommitLost);
      expect((await get().facilities(won.head.region)).map(({ id }) => id)).toEqual(['clinic-7']);
      expect((await get().read(won.head.region)).head).toEqual(won.head);
    });

    test('CD1 of many commits from the same head at once exactly one wins', async () => {
      const head = aRegion();
      const commits = ['a', 'b', 'c', 'd'].map((id) => get().commit(committing(head, [id])));
      const outcomes = await Promise.allSettled(commits);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await get().facilities(head.region)).toHaveLength(1);
    });

    test('CD5 a commit without entry notes when to look again, also that nothing is due', async () => {
      const first = committing(aRegion(), ['clinic-7']).head;
      await get().commit({ head: first });
      const { dueAtMs: _, ...later } = { ...first, coveredMark: 7, revision: 2 };
      await get().commit({ head: later });
      expect((await get().read(first.region)).head).toEqual(later);
    });

    test('CD5 marks count up from anywhere and put a region into the overview', async () => {
      const region = unique('region');
      await Promise.all([1, 2, 3].map(() => get().raiseMark(region)));
      expect((await get().read(region)).mark).toBe(3);
      expect(
        (await get().overview({ consistent: true })).find((record) => record.region === region)?.mark,
      ).toBe(3);
    });

    test('CD2 each sink has its own cursor, which never goes back', async () => {
      const { head } = committing(aRegion(), ['clinic-7']);
      await get().commit({ head });
      await get().advanceCursor(head.region, 'websocket', { ...head, seq: 5 });
      await get().advanceCursor(head.region, 'websocket', { ...head, seq: 3 });
      expect((await get().read(head.region)).cursors).toEqual({ websocket: 5, eventbridge: 0 });
    });

    test('CD2 given a log that began anew, then where a sink was in the earlier one is no place in it, however late that is noted', async () => {
      const { head } = committing({ ...aRegion(), epoch: 'mie00002' }, ['clinic-7']);
      await get().commit({ head });
      await get().advanceCursor(head.region, 'websocket', { epoch: 'mie00001', seq: 9 });
      expect((await get().read(head.region)).cursors).toEqual({ websocket: 0, eventbridge: 0 });
      await get().advanceCursor(head.region, 'websocket', { epoch: 'mie00002', seq: 1 });
      await get().advanceCursor(head.region, 'websocket', { epoch: 'mie00001', seq: 10 });
      expect((await get().read(head.region)).cursors).toEqual({ websocket: 1, eventbridge: 0 });
    });

    test('CD2 entries come in order, after a seq, at most so many', async () => {
      let head = aRegion();
      for (const id of ['a', 'b', 'c', 'd']) {
        const commit = committing(head, [id]);
        await get().commit(commit);
        head = commit.head;
      }
      const entries = await get().entriesAfter(head.region, 1, 2);
      expect(entries.map(({ seq }) => seq)).toEqual([2, 3]);
    });

    test('CD3 one facility is what the list says of it', async () => {
      const commit = committing(aRegion(), ['clinic-7', '__proto__']);
      await get().commit(commit);
      const { region } = commit.head;
      expect(await get().facility(region, '__proto__')).toEqual((await get().facilities(region))[0]);
      expect(await get().facility(region, 'clinic-8')).toBeUndefined();
    });
  },
);
