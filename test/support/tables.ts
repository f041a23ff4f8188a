import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { mapBounded } from '../../core/concurrency';
import { digestOf } from '../../local/digest';
import { createTables, type Engine, localClient, startDynamoDb } from '../../local/dynamodb';
import type * as synthesis from '../lib/synthesized';

const shelf = join(__dirname, '..', '..', 'node_modules', '.cache', 'rollcall');

/** The tables as the stack defines them, named by their constructs: `Sessions`, `Regions`, … */
export function stackTables(): readonly CreateTableCommandInput[] {
  const file = join(
    shelf,
    `tables-${digestOf(['core', 'lib', 'cdk.json', 'package-lock.json', 'test/support'])}.json`,
  );
  if (!existsSync(file)) keep(file, definedTables());
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Other workers may do the same at the same time. */
function keep(file: string, tables: readonly CreateTableCommandInput[]): void {
  mkdirSync(shelf, { recursive: true });
  const unfinished = `${file}.${randomUUID()}`;
  writeFileSync(unfinished, JSON.stringify(tables));
  renameSync(unfinished, file);
}

function definedTables(): readonly CreateTableCommandInput[] {
  // Loaded only where it is wanted: CDK takes six seconds of a processor, in each file of tests that asks for tables.
  const { synthesizedData } = require('../lib/synthesized') as typeof synthesis;
  return synthesizedData()
    .all('AWS::DynamoDB::Table')
    .map(({ id, properties }) => {
      const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = properties as Pick<
        CreateTableCommandInput,
        'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes'
      >;
      return {
        TableName: id.replace('Data/', ''),
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema,
        AttributeDefinitions,
        ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      };
    });
}

/** The tables' names, by what they hold. */
export interface TableNames {
  readonly sessions: string;
  readonly facilities: string;
  readonly presence: string;
  readonly regions: string;
  readonly changes: string;
  readonly transitions: string;
  readonly watermarks: string;
  readonly connections: string;
}

const tableNames = (prefix = ''): TableNames => ({
  sessions: `${prefix}Sessions`,
  facilities: `${prefix}Facilities`,
  presence: `${prefix}Presence`,
  regions: `${prefix}Regions`,
  changes: `${prefix}Changes`,
  transitions: `${prefix}Transitions`,
  watermarks: `${prefix}Watermarks`,
  connections: `${prefix}Connections`,
});

/** The stack's tables, empty, somewhere. */
export interface StartedTables {
  readonly client: DynamoDBClient;
  readonly names: TableNames;
  close(): Promise<void>;
}

/** An engine of this machine with the stack's tables in it. */
export async function startTables(engine: Engine): Promise<StartedTables> {
  const dynamo = await startDynamoDb({ engine });
  await createTables(dynamo.endpoint, stackTables());
  const client = localClient(dynamo.endpoint);
  const close = async (): Promise<void> => {
    client.destroy();
    await dynamo.close();
  };
  return { client, names: tableNames(), close };
}

/** Control plane calls at once: DynamoDB takes few, and the SDK tries again those that it turns away. */
const callsAtOnce = 4;
const createdWithinSeconds = 120;

/** Tables of a name of their own on AWS, in the account and the region that the environment says; gone after `close`. */
export async function createTablesOnAws(): Promise<StartedTables> {
  const prefix = `rollcall-contract-${randomUUID().slice(0, 8)}-`;
  const client = new DynamoDBClient({ maxAttempts: 10 });
  const created = stackTables().map((table) => ({ ...table, TableName: `${prefix}${table.TableName}` }));
  const waiting = { client, maxWaitTime: createdWithinSeconds, minDelay: 1, maxDelay: 5 };
  const close = async (): Promise<void> => {
    await mapBounded(created, callsAtOnce, async ({ TableName }) => {
      await client.send(new DeleteTableCommand({ TableName }));
    });
    client.destroy();
  };
  await mapBounded(created, callsAtOnce, async (table) => {
    await client.send(new CreateTableCommand(table));
    await waitUntilTableExists(waiting, { TableName: table.TableName });
  });
  return { client, names: tableNames(prefix), close };
}
