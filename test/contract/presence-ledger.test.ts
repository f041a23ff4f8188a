import { DynamoPresenceLedger } from '../../adapters/aws/presence-ledger';
import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { CommitLost } from '../../core/errors';
import type { PresenceLedger, RegionLedger } from '../../core/ports';
import { noPresence, type PresenceCommit, type PresenceStanding } from '../../core/presence';
import { newHead } from '../../core/region';
import { aFacility, anEntry, at } from '../support/builders';
import { onEveryStore, unique } from './implementations';

interface Books {
  readonly ledger: RegionLedger;
  readonly presence: PresenceLedger;
}

const standing = (seq: number): PresenceStanding => ({
  digest: `d${seq}`,
  seq,
  fromSeq: seq,
  decidedAtMs: at('10:00'),
});
const user = (name: string): string => `https://issuer.example/ ${name}`;

/** The n-th user joins with attributes whose names are hard. */
const joining = (facility: string, seq: number, name = `u${seq}`): PresenceCommit => {
  const attributes = { hash: seq, values: { ['__proto__']: true, mood: 'happy' } };
  return {
    facility,
    before: seq === 1 ? noPresence : standing(seq - 1),
    after: standing(seq),
    events: [
      { seq, event: 'join', user: user(name), atMs: at('09:59'), decidedAtMs: at('10:00'), attributes },
    ],
    joined: [{ user: user(name), sinceMs: at('09:59'), attributes }],
    gone: [],
  };
};

onEveryStore<Books>(
  'PresenceLedger',
  () => {
    const ledger = new MemoryRegionLedger();
    return { ledger, presence: new MemoryPresenceLedger(ledger) };
  },
  (client, tables) => ({
    ledger: new DynamoRegionLedger(client, tables),
    presence: new DynamoPresenceLedger(client, tables),
  }),
  (get) => {
    const changesOf = (ids: readonly string[]) =>
      ids.map((id) => ({ facility: aFacility(id), transition: true }));
    const aRegionWith = async (...ids: readonly string[]): Promise<string> => {
      const region = unique('region');
      const head = { ...newHead(region, 'e1'), seq: 1, revision: 1 };
      await get().ledger.commit({ head, entry: anEntry(changesOf(ids), { region }) });
      return region;
    };
    const usersOf = async (region: string, facility: string) =>
      (await get().presence.present(region, facility, { limit: 100 })).map((present) => present.user);

    test('a commit writes standing, event and user together, attributes unchanged', async () => {
      const region = await aRegionWith('lab/1');
      const commit = joining('lab/1', 1);
      await get().presence.commitPresence(region, [commit]);
      expect((await get().ledger.facility(region, 'lab/1'))?.presence).toEqual(commit.after);
      expect(await get().presence.presenceEvents(region, 'lab/1', 0, 10)).toEqual(commit.events);
      expect(await get().presence.present(region, 'lab/1', { limit: 10 })).toEqual(commit.joined);
      expect(await get().presence.presentUser(region, 'lab/1', user('u1'))).toEqual(commit.joined[0]);
    });

    test('whoever goes is no longer there, but the event that says so is', async () => {
      const region = await aRegionWith('a');
      const gone = { seq: 2, event: 'leave', user: user('u1'), atMs: 1, decidedAtMs: at('10:00') } as const;
      const leaving = { ...joining('a', 2), events: [gone], joined: [], gone: [user('u1')] };
      await get().presence.commitPresence(region, [joining('a', 1), leaving]);
      expect(await usersOf(region, 'a')).toEqual([]);
      expect(await get().presence.presenceEvents(region, 'a', 1, 10)).toEqual([gone]);
    });

    test('CD1 of two commits from the same standing one is lost', async () => {
      const region = await aRegionWith('a');
      await get().presence.commitPresence(region, [joining('a', 1)]);
      const again = get().presence.commitPresence(region, [joining('a', 1, 'other')]);
      await expect(again).rejects.toThrow(CommitLost);
      await get().presence.commitPresence(region, [joining('a', 2)]);
      await expect(get().presence.commitPresence(region, [joining('a', 2, 'x')])).rejects.toThrow(CommitLost);
      expect(await usersOf(region, 'a')).toEqual([user('u1'), user('u2')]);
    });

    test('a facility that is not there gets no presence, and does not come to be by it', async () => {
      const region = await aRegionWith('a');
      const commit = get().presence.commitPresence(region, [joining('b', 1)]);
      await expect(commit).rejects.toThrow(CommitLost);
      expect((await get().ledger.facilities(region)).map(({ id }) => id)).toEqual(['a']);
    });

    test('CD1 a commit of statuses leaves the presence alone', async () => {
      const region = await aRegionWith('a');
      await get().presence.commitPresence(region, [joining('a', 1)]);
      const head = { ...newHead(region, 'e1'), seq: 2, revision: 2 };
      const changes = changesOf(['a']).map((change) => ({ ...change, lastedMs: 1_000 }));
      await get().ledger.commit({ head, entry: anEntry(changes, { region, seq: 2 }) });
      expect((await get().ledger.facility(region, 'a'))?.presence).toEqual(standing(1));
    });

    test('many facilities at once, and a facility with many commits, all arrive', async () => {
      const ids = Array.from({ length: 60 }, (_, index) => `f-${index}`);
      const region = await aRegionWith(...ids.slice(0, 49));
      const many = [1, 2, 3, 4].map((seq) => joining('f-0', seq));
      const others = ids.slice(1, 49).map((id) => joining(id, 1));
      await get().presence.commitPresence(region, [...many, ...others]);
      expect(await usersOf(region, 'f-0')).toHaveLength(4);
      expect(await usersOf(region, 'f-48')).toHaveLength(1);
    });

    test('users come in pages, each after the last one of the page before', async () => {
      const region = await aRegionWith('a');
      const commits = [1, 2, 3, 4, 5].map((seq) => joining('a', seq, `user ${seq} ÿ`));
      for (const commit of commits) await get().presence.commitPresence(region, [commit]);
      const first = await get().presence.present(region, 'a', { limit: 2 });
      const second = await get().presence.present(region, 'a', { after: first[1]?.user ?? '', limit: 2 });
      const third = await get().presence.present(region, 'a', { after: second[1]?.user ?? '', limit: 2 });
      expect([...first, ...second, ...third].map((present) => present.user)).toEqual(
        [1, 2, 3, 4, 5].map((seq) => user(`user ${seq} ÿ`)),
      );
    });
  },
);
