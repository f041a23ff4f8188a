import { DynamoConnectionStore } from '../../adapters/aws/connection-store';
import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import type { Connection, ConnectionStore, Ticket } from '../../core/ports';
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
  (client) => new DynamoConnectionStore(client, 'Connections'),
  (get) => {
    const opening = async (): Promise<Connection> => {
      const connection = { ...holder, connectionId: unique('connection'), topics: [] };
      await get().open(connection, 9_000_000);
      return connection;
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
      for (const topic of [...topics, ...topics]) await get().subscribe(connection, topic, 9_000_000);
      const found = await get().find(connection.connectionId);
      const sorted = found?.topics.toSorted((a, b) => (topicText(a) < topicText(b) ? -1 : 1));
      expect({ ...found, topics: sorted }).toEqual({ ...connection, topics });
      expect(await get().find(unique('connection'))).toBeUndefined();
    });

    test('CD2 subscribers of a region carry the rights that each push looks at', async () => {
      const region = unique('region');
      const connection = await opening();
      await get().subscribe(connection, { region }, 9_000_000);
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
        await get().subscribe(connection, { region, facility }, 9_000_000);
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
        await get().subscribe(one, { region }, 9_000_000);
        await get().subscribe(one, { region, facility: 'a/b' }, 9_000_000);
        await get().subscribe(another, { region }, 9_000_000);
        await get().subscribe(another, { region, facility: 'a/b' }, 9_000_000);
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
      await get().subscribe(connection, { region }, 9_000_000);
      await get().unsubscribe(connection.connectionId, { region });
      expect(await get().find(connection.connectionId)).toBeUndefined();
      expect(await get().subscribers(region)).toEqual([]);
    });
  },
);
