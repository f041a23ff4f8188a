import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoSessionStore } from '../../adapters/aws/session-store';
import { defaultTimings } from '../../core/timings';
import { availableEngines } from '../../local/dynamodb';
import { aSession, at } from '../support/builders';
import { startTables } from '../support/tables';

test('HB7 given a session whose lease ends at ten, then DynamoDB may take its row at eleven a week later, in epoch seconds', async () => {
  const [engine = 'dynoxide'] = availableEngines().filter((available) => available !== 'given');
  const { client, names, close } = await startTables(engine);
  try {
    const sessions = new DynamoSessionStore(client, names.sessions, defaultTimings);
    await sessions.save(aSession({ until: at('10:00'), revision: 0 }));

    const { Items = [] } = await client.send(new ScanCommand({ TableName: names.sessions }));

    const weekSeconds = 7 * 24 * 3_600;
    expect(Items.map(({ ttl }) => Number(ttl?.N))).toEqual([at('11:00') / 1_000 + weekSeconds]);
  } finally {
    await close();
  }
});
