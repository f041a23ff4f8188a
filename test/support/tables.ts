import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { createTables, type Engine, localClient, startDynamoDb } from '../../local/dynamodb';
import { synthesized } from '../lib/synthesized';

/** The tables as the stack defines them, named by their constructs: `Sessions`, `Regions`, … */
export const stackTables = (): readonly CreateTableCommandInput[] =>
  synthesized()
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

/** An engine with the stack's tables in it, empty. */
export async function startTables(engine: Engine) {
  const dynamo = await startDynamoDb({ engine });
  await createTables(dynamo.endpoint, stackTables());
  const client = localClient(dynamo.endpoint);
  const close = async (): Promise<void> => {
    client.destroy();
    await dynamo.close();
  };
  return { client, close };
}
