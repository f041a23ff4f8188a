import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { DeployedTable } from './deployment';

/**
 * DynamoDB's time to live: removes items some time after the second in their TTL attribute. The embedded engines' own is
 * not usable (docs/adr/0004-local-engines.md).
 */
export async function sweepExpired(
  client: DynamoDBClient,
  { definition, ttlAttribute }: DeployedTable,
  nowMs: number,
): Promise<number> {
  if (ttlAttribute === undefined) return 0;
  const nowSeconds = String(Math.floor(nowMs / 1_000));
  const names = (definition.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []);
  const pages = paginateScan(
    { client },
    {
      TableName: definition.TableName,
      FilterExpression: '#ttl < :now',
      ExpressionAttributeNames: { '#ttl': ttlAttribute },
      ExpressionAttributeValues: { ':now': { N: nowSeconds } },
    },
  );
  let removed = 0;
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const Key = Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
      await client.send(new DeleteItemCommand({ TableName: definition.TableName, Key }));
      removed += 1;
    }
  }
  return removed;
}
