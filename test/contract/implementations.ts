import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { availableEngines } from '../../local/dynamodb';
import { startTables } from '../support/tables';

/**
 * Runs one suite on every implementation of a port: in memory, and on each DynamoDB engine that this machine has.
 * `get` gives the implementation; each suite uses ids of its own, since the tables are shared.
 */
export function onEveryStore<Port>(
  name: string,
  inMemory: () => Port,
  inDynamo: (client: DynamoDBClient) => Port,
  suite: (get: () => Port) => void,
): void {
  describe(`${name} in memory`, () => {
    let port: Port;
    beforeAll(() => {
      port = inMemory();
    });
    suite(() => port);
  });
  for (const engine of availableEngines().filter((available) => available !== 'given')) {
    describe(`${name} on ${engine}`, () => {
      let port: Port;
      let close: () => Promise<void>;
      beforeAll(async () => {
        const tables = await startTables(engine);
        port = inDynamo(tables.client);
        close = tables.close;
      });
      afterAll(() => close());
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
