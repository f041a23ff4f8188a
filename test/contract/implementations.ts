import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { availableEngines, type Engine } from '../../local/dynamodb';
import { withConflicts } from '../support/conflicts';
import { createTablesOnAws, type StartedTables, startTables, type TableNames } from '../support/tables';
import { remote, remoteTimeoutMs } from './on-aws';

declare global {
  /** Set by the project `apart`, which has the time for them all. */
  var onEveryEngine: true | undefined;
}

type Place = readonly [name: string, start: () => Promise<StartedTables>];

/** The engine that a local run takes, or each that this machine has; with `REMOTE=1` and credentials AWS itself besides. */
function places(): readonly Place[] {
  const available = availableEngines().filter((engine) => engine !== 'given');
  const engines = globalThis.onEveryEngine ? available : available.slice(0, 1);
  const local = engines.map((engine): Place => [engine, () => startConflicting(engine)]);
  return remote ? [...local, ['AWS', createTablesOnAws]] : local;
}

async function startConflicting(engine: Engine): Promise<StartedTables> {
  const tables = await startTables(engine);
  withConflicts(tables.client);
  return tables;
}

/**
 * Runs one suite on every implementation of a port: in memory, and on the DynamoDB engine of a local run, or with
 * `npm run test:apart` on each that this machine has, or with `npm run test:remote` on AWS. `get` gives the implementation; each suite
 * uses ids of its own, since the tables are shared.
 */
export function onEveryStore<Port>(
  name: string,
  inMemory: () => Port,
  inDynamo: (client: DynamoDBClient, tables: TableNames) => Port,
  suite: (get: () => Port) => void,
): void {
  describe(`${name} in memory`, () => {
    let port: Port;
    beforeAll(() => {
      port = inMemory();
    });
    suite(() => port);
  });
  for (const [place, start] of places()) {
    describe(`${name} on ${place}`, () => {
      let port: Port;
      let tables: StartedTables;
      beforeAll(async () => {
        tables = await start();
        port = inDynamo(tables.client, tables.names);
      }, remoteTimeoutMs);
      afterAll(() => tables.close(), remoteTimeoutMs);
      suite(() => port);
    });
  }
}

/** Text that no other call of this process has had. */
export const unique = (() => {
  let count = 0;
  return (prefix: string): string => {
    count += 1;
    return `${prefix}-${count}`;
  };
})();
