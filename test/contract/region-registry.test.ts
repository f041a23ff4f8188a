import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { CommitLost } from '../../core/errors';
import type { Facility } from '../../core/facility';
import type { RegionLedger } from '../../core/ports';
import { newHead, type RegionHead } from '../../core/region';
import type { FacilityRegistry, RegionRegistry } from '../../core/registry';
import { regionRegistration, registration, removal } from '../../core/registry-commits';
import { aSession, at, hours } from '../support/builders';
import { settling } from '../support/settling';
import { onEveryStore, unique } from './implementations';

/** As awkward as they come: numbers that DynamoDB would round or refuse, and text that has tripped others. */
const awkward: FacilityRegistry = {
  name: '\u202E𝔠linic <script>alert("7")</script>',
  coordinates: { latitude: 5e-324, longitude: -179.99999999999997 },
  address: '__proto__',
  timeZone: 'Europe/Madrid',
  tags: ['constructor', ';'],
  maintenance: [{ from: '2026-01-05T10:00+02:00', to: '2026-01-05T08:00:01Z', note: '診療所' }],
};

onEveryStore<RegionLedger>(
  'RegionLedger, what the registry says',
  () => new MemoryRegionLedger(),
  (client, tables) => new DynamoRegionLedger(client, tables),
  (get) => {
    const id = 'lab/__proto__';

    const stateOf = async (region: string, nowMs = at('10:00')) => {
      const { head = newHead(region, 'e1') } = await get().read(region);
      const row = await get().row(region, id);
      return { head, ...(row && { row }), fresh: { asOfMs: nowMs, delayed: false }, nowMs };
    };

    const put = async (region: string, registry: FacilityRegistry, nowMs?: number): Promise<void> => {
      const commit = registration(id, registry, await stateOf(region, nowMs));
      if (commit !== undefined) await get().commit(commit);
    };

    const putRegion = async (region: string, registry: RegionRegistry): Promise<RegionHead | undefined> => {
      const commit = regionRegistration(registry, await stateOf(region));
      if (commit !== undefined) await get().commit(commit);
      return commit?.head;
    };

    const remove = async (region: string): Promise<void> => {
      const { row, ...state } = await stateOf(region, at('10:30'));
      if (row === undefined) throw new Error('there is nothing to remove');
      await get().commit(removal(row, state));
    };

    /** A settle with a session for the facility. */
    const settle = async (region: string, asOfMs: number): Promise<void> => {
      const { head = newHead(region, 'e1') } = await get().read(region);
      const sessions = [aSession({ region, covers: [id], since: at('09:00'), until: asOfMs + 1 })];
      const facilities = await get().rows(region);
      for (const commit of settling({ sessions, facilities, head, asOfMs }).commits) {
        await get().commit(commit);
      }
    };

    const facility = async (region: string): Promise<Facility | undefined> =>
      await get().facility(region, id);

    test('CD1 what is said of a facility comes back unchanged, in rows and in the entry', async () => {
      const region = unique('region');
      await put(region, awkward);
      expect(await facility(region)).toMatchObject({ status: 'offline', reason: 'registered', version: 1 });
      expect((await facility(region))?.registry).toEqual(awkward);
      const [entry] = await get().entriesAfter(region, 0, 10);
      expect(entry?.changes).toMatchObject([{ registry: awkward, transition: false }]);
      expect((await get().read(region)).head).toMatchObject({ seq: 1, totals: { facilities: 1, online: 0 } });
    });

    test('CD1 what is not said any more is gone', async () => {
      const region = unique('region');
      await put(region, awkward);
      await put(region, { tags: [] });
      expect((await facility(region))?.registry).toEqual({ tags: [] });
      await put(region, {});
      expect((await facility(region))?.registry).toEqual({});
    });

    test('CD1 a settle leaves it alone, and it leaves alone what settles decided', async () => {
      const region = unique('region');
      await put(region, awkward);
      await settle(region, at('10:05'));
      expect(await facility(region)).toMatchObject({ status: 'online', sessions: 1, version: 2 });
      expect((await facility(region))?.registry).toEqual(awkward);
      const before = await facility(region);
      await put(region, { name: 'Lab' });
      expect(await facility(region)).toEqual({ ...before, registry: { name: 'Lab' }, version: 3 });
    });

    test('CD1 what is said of a region stays with its head, over settles', async () => {
      const region = unique('region');
      const registry = { name: '𝔫orth', thresholds: { upFrom: 1e-200, downBelow: 0 } };
      const head = await putRegion(region, registry);
      expect((await get().read(region)).head).toEqual(head);
      await settle(region, at('10:05'));
      expect((await get().read(region)).head).toMatchObject({ ...registry, seq: 2 });
      await putRegion(region, {});
      const after = (await get().read(region)).head;
      expect(after).not.toHaveProperty('name');
      expect(after).not.toHaveProperty('thresholds');
      expect(await get().entriesAfter(region, 0, 10)).toMatchObject([
        { changes: [], registry },
        {},
        { changes: [], registry: {} },
      ]);
    });

    test('CD1 a removed facility is not shown; what is left of it is among the rows', async () => {
      const region = unique('region');
      await put(region, awkward);
      await remove(region);
      expect(await facility(region)).toBeUndefined();
      expect(await get().facilities(region)).toEqual([]);
      const [row] = await get().rows(region);
      expect(row).toMatchObject({ id, status: 'offline', reason: 'removed', removedAtMs: at('10:30') });
      expect(row).not.toHaveProperty('registry');
      expect(await get().row(region, id)).toEqual(row);
      expect((await get().read(region)).head?.digest).toEqual({ count: 0, sum: 0 });
    });

    test('CD1 one that comes back by a request is whole again, with a version that grew', async () => {
      const region = unique('region');
      await put(region, awkward);
      await remove(region);
      await put(region, { name: 'Lab' }, at('10:31'));
      expect(await facility(region)).toMatchObject({
        reason: 'registered',
        version: 3,
        sinceMs: at('10:31'),
      });
      expect(await facility(region)).not.toHaveProperty('removedAtMs');
      expect((await facility(region))?.registry).toEqual({ name: 'Lab' });
    });

    test('CD1 one that comes back by beats begins without what was said before', async () => {
      const region = unique('region');
      await put(region, awkward);
      await remove(region);
      await settle(region, at('10:30') + hours(1));
      expect(await facility(region)).toMatchObject({ status: 'online', version: 3 });
      expect(await facility(region)).not.toHaveProperty('registry');
      expect(await facility(region)).not.toHaveProperty('removedAtMs');
    });

    test('CD1 what is left is forgotten, unless it came back meanwhile', async () => {
      const region = unique('region');
      await put(region, awkward);
      await remove(region);
      const remains = await get().rows(region);
      await put(region, {}, at('10:31'));
      await get().forget(region, remains);
      expect(await facility(region)).toBeDefined();
      await remove(region);
      await get().forget(region, await get().rows(region));
      expect(await get().rows(region)).toEqual([]);
    });

    test('CD1 commits that yield wait until a claim is over, others do not, and end it', async () => {
      const region = unique('region');
      await put(region, {});
      await get().claim(region, at('10:00:05'));
      await expect(put(region, { name: 'a' }, at('10:00:04.999'))).rejects.toThrow(CommitLost);
      expect((await facility(region))?.registry).toEqual({});
      await put(region, { name: 'b' }, at('10:00:05'));
      await get().claim(region, at('10:00:15'));
      await settle(region, at('10:00:11'));
      await put(region, { name: 'c' }, at('10:00:12'));
      expect((await facility(region))?.registry).toEqual({ name: 'c' });
      expect((await get().read(region)).head).not.toHaveProperty('claimedUntilMs');
    });

    test('CD1 a claim stays until the last commit of a settle', async () => {
      const region = unique('region');
      await put(region, {});
      await get().claim(region, at('10:00:05'));
      const { head = newHead(region, 'e1') } = await get().read(region);
      await get().commit({ head: { ...head, revision: head.revision + 1 }, more: true });
      await expect(put(region, { name: 'a' })).rejects.toThrow(CommitLost);
      await get().commit({ head: { ...head, revision: head.revision + 2 } });
      await put(region, { name: 'a' });
    });

    test('CD1 a region that nobody has heard of cannot be claimed', async () => {
      const region = unique('region');
      await get().claim(region, at('12:00'));
      expect(await get().read(region)).not.toHaveProperty('head');
      await put(region, {});
      expect(await facility(region)).toBeDefined();
    });

    test('CD1 of many changes of a region at once exactly one wins', async () => {
      const region = unique('region');
      const state = await stateOf(region);
      const commits = ['a', 'b', 'c', 'd'].flatMap((name) => registration(name, {}, state) ?? []);
      const outcomes = await Promise.allSettled(commits.map((commit) => get().commit(commit)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await get().facilities(region)).toHaveLength(1);
    });
  },
);
