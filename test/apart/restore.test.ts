import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { type CommittedTable, committedTables, Restoration } from '../../tools/restore/restoration';
import { localAws } from '../support/aws-client';
import { seconds } from '../support/builders';
import { Rollcall } from '../support/rollcall';
import { runAwsTool } from '../support/tool';
import { patience, until } from '../support/waiting';
import { WatchedRegion } from '../support/watched-region';

const directory = mkdtempSync(join(tmpdir(), 'rollcall-restore-'));
const resources = join(directory, 'resources.json');
const suffix = '.restored';
let rollcall: Rollcall;
let dynamo: DynamoDBClient;

beforeAll(async () => {
  rollcall = await Rollcall.start();
  dynamo = new DynamoDBClient(localAws((await rollcall.services()).dynamodb));
  const StackResourceSummaries = (await tableNames()).map((name) => ({
    LogicalResourceId: name,
    PhysicalResourceId: name,
    ResourceType: 'AWS::DynamoDB::Table',
  }));
  writeFileSync(resources, JSON.stringify({ StackResourceSummaries }));
}, seconds(60));

afterAll(async () => {
  dynamo?.destroy();
  await rollcall?.close();
  rmSync(directory, { recursive: true, force: true });
});

const tableNames = async (): Promise<readonly string[]> =>
  (await dynamo.send(new ListTablesCommand({}))).TableNames ?? [];

async function rowsOf(TableName: string): Promise<Record<string, AttributeValue>[]> {
  const rows: Record<string, AttributeValue>[] = [];
  for await (const page of paginateScan({ client: dynamo }, { TableName })) rows.push(...(page.Items ?? []));
  return rows;
}

const nameOf = async (table: string): Promise<string> => {
  const found = (await tableNames()).find((name) => name.includes(`Data${table}`) && !name.endsWith(suffix));
  if (found === undefined) throw new Error(`there is no table of ${table}`);
  return found;
};

/** What restoring from a backup to this instant makes: the committed tables under other names. */
async function backUp(): Promise<void> {
  for (const construct of Object.keys(committedTables)) {
    const name = await nameOf(construct);
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: name }));
    await dynamo.send(
      new CreateTableCommand({
        TableName: `${name}${suffix}`,
        KeySchema: Table?.KeySchema,
        AttributeDefinitions: Table?.AttributeDefinitions?.filter(({ AttributeName }) =>
          Table.KeySchema?.some((key) => key.AttributeName === AttributeName),
        ),
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    for (const Item of await rowsOf(name)) {
      await dynamo.send(new PutItemCommand({ TableName: `${name}${suffix}`, Item }));
    }
  }
}

/** What a backup is for. */
async function loseFacilities(): Promise<void> {
  const TableName = await nameOf('Facilities');
  for (const { region, facility } of await rowsOf(TableName)) {
    if (region && facility)
      await dynamo.send(new DeleteItemCommand({ TableName, Key: { region, facility } }));
  }
}

/** What a restore leaves that dies once these tables are written. */
async function restoreOnly(...tables: readonly CommittedTable[]): Promise<void> {
  const restoration = new Restoration(dynamo);
  for (const table of tables) {
    const to = await nameOf(table);
    await restoration.apply(await restoration.difference({ table, to, from: `${to}${suffix}` }, Date.now()));
  }
}

const restore = (...words: readonly string[]) =>
  runAwsTool(rollcall, 'tools/restore/main.ts', ['--resources', resources, '--suffix', suffix, ...words]);

const facilitiesIn = async (region: WatchedRegion): Promise<Readonly<Record<string, string>>> => {
  const { facilities } = await region.snapshot();
  return Object.fromEntries(facilities.map(({ id, status }) => [id, status]));
};

test(
  'given facilities that were lost, and a region that came later, when a backup is restored at the second try, then all are there again, the log begins another life, and who came since is told',
  async () => {
    const north = await WatchedRegion.of(rollcall, 'north');
    await north.join('clinic-7');
    await north.join('clinic-8');
    const before = await north.snapshot();
    await backUp();

    await north.join('clinic-9');
    const south = await WatchedRegion.of(rollcall, 'south');
    await south.join('s-1');
    await rollcall.post('/dev/faults', { sessionMonitor: 'stopped', heartbeatMonitor: 'stopped' });
    await loseFacilities();
    const dry = await restore('--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      said: expect.stringContaining('Facilities: 0 rows would be deleted, 2 written'),
    });
    expect(await facilitiesIn(north)).toEqual({});
    await restoreOnly('Facilities', 'Regions');
    expect((await restore()).code).toBe(0);
    await rollcall.post('/dev/faults', { sessionMonitor: 'running', heartbeatMonitor: 'running' });

    const expected = { 'clinic-7': 'online', 'clinic-8': 'online', 'clinic-9': 'online' };
    await until(patience, 'north as it is by now', async () => {
      const found = await facilitiesIn(north);
      return JSON.stringify(found) === JSON.stringify(expected) ? true : undefined;
    });
    await until(patience, 'south to be back', async () =>
      (await facilitiesIn(south))['s-1'] === 'online' ? true : undefined,
    );
    const after = await north.snapshot();
    expect(Number.parseInt(after.epoch ?? '', 36)).toBeGreaterThan(Number.parseInt(before.epoch ?? '', 36));
    await north.join('clinic-10');
  },
  seconds(120),
);

test('given a table that was not restored, then nothing is written, and it is named', async () => {
  const outcome = await restore('--suffix', '.nowhere');
  expect(outcome).toMatchObject({ code: 1, said: '' });
  expect(outcome.complaints).toMatch(/ResourceNotFound|non-existent/);
});
