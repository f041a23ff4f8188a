import type { Log } from '../core/ports';
import type { DeployedTable } from './deployment';
import { createTables, localClient, startDynamoDb } from './dynamodb';
import { sweepExpired } from './ttl-sweeper';

/** The deployed tables in an engine of this machine. */
export interface Tables {
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface TablesOptions {
  /** Where the engine keeps its data; without it nothing touches the disk. */
  readonly directory: string | undefined;
  readonly now: () => number;
  readonly log: Log;
}

const sweepEveryMs = 60_000;

/**
 * Starts the engine and what it lacks: expiry by TTL.
 * @throws NoDynamoDb
 */
export async function startTables(
  tables: readonly DeployedTable[],
  { directory, now, log }: TablesOptions,
): Promise<Tables> {
  const engine = await startDynamoDb(directory === undefined ? {} : { directory });
  const client = localClient(engine.endpoint);
  await createTables(
    engine.endpoint,
    tables.map(({ definition }) => definition),
  );
  const sweep = async (): Promise<void> => {
    for (const table of tables) await sweepExpired(client, table, now());
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log.error('expired items were not removed', error));
  }, sweepEveryMs);
  return {
    endpoint: engine.endpoint,
    close: async () => {
      clearInterval(timer);
      client.destroy();
      await engine.close();
    },
  };
}
