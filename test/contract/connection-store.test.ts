import { DynamoConnectionStore } from '../../adapters/aws/connection-store';
import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import type { Connection, ConnectionStore, Ticket } from '../../core/connection';
import { topicText } from '../../core/topic';
import { onEveryStore, unique } from './implementations';

const holder: Ticket = {
  issuer: 'https://issuer.example/',
  subject: 'operator',
  watch: new Map([
    ['north', ['*']],
    ['__proto__', ['lab/*']],
  ]),
  expiresAtMs: 5_000_000,
};

onEveryStore<ConnectionStore>(
  'ConnectionStore',
  () => new MemoryConnectionStore(),
  (client, tables) => new DynamoConnectionStore(client, tables.connections),
  (get) => {
    const opening = async (): Promise<Connection> => {
      const subject = unique('operator');
      const connection = { ...holder, subject, connectionId: unique('connection'), topics: [] };
      await get().open(connection, 9_000_000, { atMost: 9, nowMs: 0 });
      return connection;
    };

    /** Opens one more connection of a subject, of whom there may be three at once. */
    const openingMore = async (subject: string, given: Partial<Connection> = {}, nowMs = 0) => {
      const connectionId = unique('connection');
      const connection = { ...holder, subject, connectionId, topics: [], ...given };
      const opened = await get().open(connection, nowMs + 1_000, { atMost: 3, nowMs });
      return { connection, opened };
    };

    /** As many connections of a subject as there may be. */
    const openingAll = async (subject: string): Promise<readonly Connection[]> => {
      const all = [await openingMore(subject), await openingMore(subject), await openingMore(subject)];
      expect(all.map(({ opened }) => opened)).toEqual([true, true, true]);
      return all.map(({ connection }) => connection);
    };

    test('AC3 a ticket is redeemed once, by one of many', async () => {
      const ticket = unique('ticket');
      await get().saveTicket(ticket, holder, 30_000);
      const redeemed = await Promise.all([1, 2, 3].map(() => get().redeemTicket(ticket, 10_000)));
      expect(redeemed.filter((found) => found !== undefined)).toEqual([holder]);
      expect(await get().redeemTicket(ticket, 10_000)).toBeUndefined();
    });

    test('AC3 a ticket ends when its time is over, and an unknown one opens nothing', async () => {
      const ticket = unique('ticket');
      await get().saveTicket(ticket, holder, 30_000);
      expect(await get().redeemTicket(ticket, 30_000)).toBeUndefined();
      expect(await get().redeemTicket(unique('ticket'), 0)).toBeUndefined();
    });

    test('AC3 a connection is found with its rights and its subscriptions', async () => {
      const connection = await opening();
      const topics = [{ region: '__proto__' }, { region: 'north' }, { region: 'north', facility: 'lab/1' }];
      for (const topic of [...topics, ...topics]) await get().subscribe(connection, topic, 9_000_000, 50);
      const found = await get().find(connection.connectionId);
      const sorted = found?.topics.toSorted((a, b) => (topicText(a) < topicText(b) ? -1 : 1));
      expect({ ...found, topics: sorted }).toEqual({ ...connection, topics });
      expect(await get().find(unique('connection'))).toBeUndefined();
    });

    test('CD2 a page that reconnects subscribes to everything at once, and everything is taken', async () => {
      const connection = await opening();
      const regions = Array.from({ length: 50 }, () => ({ region: unique('region') }));
      await Promise.all(regions.map((topic) => get().subscribe(connection, topic, 9_000_000, 50)));
      const found = (await get().find(connection.connectionId))?.topics.map(topicText);
      expect(new Set(found)).toEqual(new Set(regions.map(topicText)));
      for (const { region } of regions) expect(await get().subscribers(region)).toHaveLength(1);
    });

    test('AC5 given many subscriptions at once, then just as many as may be are taken, and one that is there may come again', async () => {
      const connection = await opening();
      const regions = Array.from({ length: 20 }, () => ({ region: unique('region') }));
      const taken = await Promise.all(
        regions.map((topic) => get().subscribe(connection, topic, 9_000_000, 7)),
      );
      expect(taken.filter((one) => one)).toHaveLength(7);
      const { topics = [] } = (await get().find(connection.connectionId)) ?? {};
      expect(topics).toHaveLength(7);
      for (const [index, { region }] of regions.entries()) {
        expect(await get().subscribers(region)).toHaveLength(taken[index] ? 1 : 0);
      }
      const [first = { region: '' }] = topics;
      expect(await get().subscribe(connection, first, 9_000_000, 7)).toBe(true);
    });

    test('CD2 given a close in the midst of many subscriptions, then nothing of them is left', async () => {
      const connection = await opening();
      const regions = Array.from({ length: 20 }, () => ({ region: unique('region') }));
      await Promise.all([
        ...regions.map((topic) => get().subscribe(connection, topic, 9_000_000, 50)),
        get().close(connection.connectionId),
      ]);
      for (const { region } of regions) expect(await get().subscribers(region)).toEqual([]);
    });

    test('CD2 subscribers of a region carry the rights that each push looks at', async () => {
      const region = unique('region');
      const connection = await opening();
      await get().subscribe(connection, { region }, 9_000_000, 50);
      const { topics: _, ...subscriber } = connection;
      expect(await get().subscribers(region)).toEqual([subscriber]);
      await get().unsubscribe(connection.connectionId, { region });
      expect(await get().subscribers(region)).toEqual([]);
      expect((await get().find(connection.connectionId))?.topics).toEqual([]);
    });

    test('CD2 watchers of the presence in facilities are apart from those of the region', async () => {
      const region = unique('region');
      const connection = await opening();
      for (const facility of ['a/b', '__proto__']) {
        await get().subscribe(connection, { region, facility }, 9_000_000, 50);
      }
      const { topics: _, ...subscriber } = connection;
      expect(await get().subscribers(region)).toEqual([]);
      const found = await get().presenceSubscribers(region);
      expect(found.toSorted((a, b) => (a.facility < b.facility ? -1 : 1))).toEqual([
        { ...subscriber, facility: '__proto__' },
        { ...subscriber, facility: 'a/b' },
      ]);
      await get().unsubscribe(connection.connectionId, { region, facility: 'a/b' });
      expect(await get().presenceSubscribers(region)).toMatchObject([{ facility: '__proto__' }]);
    });

    test('CD2 closing a connection ends all of its subscriptions and no other', async () => {
      const [one, another] = [await opening(), await opening()];
      const regions = [unique('region'), unique('region')];
      for (const region of regions) {
        await get().subscribe(one, { region }, 9_000_000, 50);
        await get().subscribe(one, { region, facility: 'a/b' }, 9_000_000, 50);
        await get().subscribe(another, { region }, 9_000_000, 50);
        await get().subscribe(another, { region, facility: 'a/b' }, 9_000_000, 50);
      }
      await get().close(one.connectionId);
      await get().close(
        one.connectionId,
        regions.map((region) => ({ region })),
      );
      for (const region of regions) {
        const left = (await get().subscribers(region)).map(({ connectionId }) => connectionId);
        expect(left).toEqual([another.connectionId]);
        const present = (await get().presenceSubscribers(region)).map(({ connectionId }) => connectionId);
        expect(present).toEqual([another.connectionId]);
      }
    });

    test('CD2 a subscribe that arrives after the close leaves nothing behind', async () => {
      const region = unique('region');
      const connection = await opening();
      await get().close(connection.connectionId);
      await get().subscribe(connection, { region }, 9_000_000, 50);
      await get().unsubscribe(connection.connectionId, { region });
      expect(await get().find(connection.connectionId)).toBeUndefined();
      expect(await get().subscribers(region)).toEqual([]);
    });

    describe('AC5 given a subject has as many connections as it may', () => {
      test('when another opens, then it is refused and leaves nothing behind', async () => {
        const subject = unique('operator');
        await openingAll(subject);
        const { connection, opened } = await openingMore(subject);
        const region = unique('region');
        await get().subscribe(connection, { region }, 9_000_000, 50);
        expect(opened).toBe(false);
        expect(await get().find(connection.connectionId)).toBeUndefined();
        expect(await get().subscribers(region)).toEqual([]);
      });

      test('when somebody else opens one, then that is their own affair', async () => {
        const subject = unique('operator');
        await openingAll(subject);
        expect(await openingMore(unique('operator'))).toMatchObject({ opened: true });
        expect(await openingMore(subject, { issuer: 'https://else.example/' })).toMatchObject({
          opened: true,
        });
      });

      test('when one closes, then one more may open', async () => {
        const subject = unique('operator');
        const [, closing] = await openingAll(subject);
        await get().close(closing?.connectionId ?? '');
        expect(await openingMore(subject)).toMatchObject({ opened: true });
        await get().close(closing?.connectionId ?? '');
        expect(await openingMore(subject)).toMatchObject({ opened: false });
      });

      test('when they vanished without a word, then they count until their time is over', async () => {
        const subject = unique('operator');
        const [vanished] = await openingAll(subject);
        expect(await openingMore(subject, {}, 999)).toMatchObject({ opened: false });
        for (let count = 0; count < 3; count += 1) {
          expect(await openingMore(subject, {}, 1_000)).toMatchObject({ opened: true });
        }
        await get().close(vanished?.connectionId ?? '');
        expect(await openingMore(subject, {}, 1_000)).toMatchObject({ opened: false });
      });
    });

    test('AC5 given many connections of a subject open at once, then just as many as may be do', async () => {
      const subject = unique('operator');
      const all = await Promise.all(Array.from({ length: 12 }, () => openingMore(subject)));
      const open = all.filter(({ opened }) => opened);
      expect(open).toHaveLength(3);
      for (const { connection, opened } of all) {
        expect((await get().find(connection.connectionId)) !== undefined).toBe(opened);
      }
    });
  },
);
