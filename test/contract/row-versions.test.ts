import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoRegionLedger } from '../../adapters/aws/region-ledger';
import { DynamoSessionStore } from '../../adapters/aws/session-store';
import { defaultTimings } from '../../core/timings';
import { LaterVersion, versions } from '../../core/versions';
import { availableEngines } from '../../local/dynamodb';
import { aSession, at } from '../support/builders';
import { type StartedTables, startTables, type TableNames } from '../support/tables';

let tables: StartedTables;

beforeAll(async () => {
  const [engine = 'dynoxide'] = availableEngines().filter((available) => available !== 'given');
  tables = await startTables(engine);
});
afterAll(() => tables.close());

/** Gives all rows of a table another version, or none. */
async function rewrite(table: keyof TableNames, version: number | undefined): Promise<number> {
  const TableName = tables.names[table];
  const { Items = [] } = await tables.client.send(new ScanCommand({ TableName }));
  for (const { v: _, ...row } of Items) {
    const Item = { ...row, ...(version !== undefined && { v: { N: String(version) } }) };
    await tables.client.send(new PutItemCommand({ TableName, Item }));
  }
  return Items.length;
}

const session = aSession({ until: at('10:00'), revision: 0 });
const store = () => new DynamoSessionStore(tables.client, tables.names.sessions, defaultTimings);

describe('given a session that is stored', () => {
  beforeAll(() => store().save(session));

  test('when its row is of the first releases, without a version, then it is read as ever', async () => {
    const [before] = await store().list(session.region, { consistent: true });
    expect(await rewrite('sessions', undefined)).toBe(1);

    expect(await store().list(session.region, { consistent: true })).toEqual([before]);
  });

  test('when its row is of a later release, then nobody takes it for something else', async () => {
    await rewrite('sessions', versions.row + 1);

    await expect(store().list(session.region, { consistent: true })).rejects.toThrow(LaterVersion);
    await expect(store().load([session])).rejects.toThrow(LaterVersion);
  });
});

describe('given a region, a facility and an entry of the log that are of a later release', () => {
  const later = { N: String(versions.row + 1) };
  const region = { S: 'north' };
  const ledger = () => new DynamoRegionLedger(tables.client, tables.names);

  test.each<
    [string, keyof TableNames, Record<string, { S: string } | { N: string }>, () => Promise<unknown>]
  >([
    ['the head', 'regions', { region, item: { S: 'head' } }, () => ledger().read('north')],
    ['the facility', 'facilities', { region, facility: { S: 'a' } }, () => ledger().facilities('north')],
    [
      'the entry',
      'changes',
      { region, seq: { N: '1' }, entry: { S: '{}' } },
      () => ledger().entriesAfter('north', 0, 1),
    ],
  ])('then %s waits for that release', async (_, table, row, read) => {
    await tables.client.send(
      new PutItemCommand({ TableName: tables.names[table], Item: { ...row, v: later } }),
    );

    await expect(read()).rejects.toThrow(LaterVersion);
  });
});
