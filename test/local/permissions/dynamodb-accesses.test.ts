import { dynamoDbAccesses } from '../../../local/permissions/dynamodb-accesses';

const partitionKeys = new Map([
  ['Sessions', 'bucket'],
  ['Watermarks', 'source'],
]);
const arn = (table: string): string => `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`;

/** What a call asks for: `action on resource [leading keys]`, or without them. */
const asked = (operation: string, input: Record<string, unknown>): readonly string[] =>
  dynamoDbAccesses(`DynamoDB_20120810.${operation}`, input, partitionKeys).map(
    ({ action, resource, context = {} }) =>
      `${action} on ${resource.replace(arn(''), '')}${JSON.stringify(context['dynamodb:LeadingKeys'] ?? 'any')}`,
  );

const told = { source: { S: 'told' } };

describe('what a call of DynamoDB needs permission for', () => {
  test.each<[string, string, Record<string, unknown>, readonly string[]]>([
    [
      'an item’s operation: that, on the item’s partition',
      'GetItem',
      { TableName: 'Watermarks', Key: told },
      ['dynamodb:GetItem on Watermarks["told"]'],
    ],
    [
      'a table by its ARN: the same',
      'PutItem',
      { TableName: arn('Watermarks'), Item: { ...told, atMs: { N: '1' } } },
      ['dynamodb:PutItem on Watermarks["told"]'],
    ],
    [
      'a query: its partition',
      'Query',
      {
        TableName: 'Sessions',
        KeyConditionExpression: '#bucket = :bucket AND #s > :s',
        ExpressionAttributeNames: { '#bucket': 'bucket' },
        ExpressionAttributeValues: { ':bucket': { S: 'north#0' } },
      },
      ['dynamodb:Query on Sessions["north#0"]'],
    ],
    [
      'a query whose partition cannot be told: one that no policy names',
      'Query',
      {
        TableName: 'Sessions',
        KeyConditionExpression: 'session = :s AND bucket = :b',
        ExpressionAttributeValues: { ':s': { S: 's' }, ':b': { S: 'b' } },
      },
      ['dynamodb:Query on Sessions["?"]'],
    ],
    [
      'a query of an index: the index',
      'Query',
      {
        TableName: 'Sessions',
        IndexName: 'byUser',
        KeyConditionExpression: '#user = :user',
        ExpressionAttributeNames: { '#user': 'user' },
        ExpressionAttributeValues: { ':user': { S: 'ana' } },
      },
      ['dynamodb:Query on Sessions/index/byUser["ana"]'],
    ],
    ['a scan: no partition', 'Scan', { TableName: 'Watermarks' }, ['dynamodb:Scan on Watermarks"any"']],
    [
      'a batch of reads: the batch on each table, each partition once',
      'BatchGetItem',
      {
        RequestItems: {
          Sessions: { Keys: [{ bucket: { S: 'a' } }, { bucket: { S: 'a' } }] },
          Watermarks: { Keys: [told] },
        },
      },
      ['dynamodb:BatchGetItem on Sessions["a"]', 'dynamodb:BatchGetItem on Watermarks["told"]'],
    ],
    [
      'a batch of writes: the batch, whatever is written',
      'BatchWriteItem',
      { RequestItems: { Watermarks: [{ PutRequest: { Item: told } }, { DeleteRequest: { Key: told } }] } },
      ['dynamodb:BatchWriteItem on Watermarks["told"]'],
    ],
    [
      'a transaction: what each item would need alone',
      'TransactWriteItems',
      {
        TransactItems: [
          { Update: { TableName: 'Watermarks', Key: told } },
          { Put: { TableName: 'Sessions', Item: { bucket: { S: 'a' } } } },
          { Delete: { TableName: 'Sessions', Key: { bucket: { S: 'b' } } } },
          { ConditionCheck: { TableName: 'Sessions', Key: { bucket: { S: 'c' } } } },
        ],
      },
      [
        'dynamodb:UpdateItem on Watermarks["told"]',
        'dynamodb:PutItem on Sessions["a"]',
        'dynamodb:DeleteItem on Sessions["b"]',
        'dynamodb:ConditionCheckItem on Sessions["c"]',
      ],
    ],
    [
      'a transaction of reads: GetItem',
      'TransactGetItems',
      { TransactItems: [{ Get: { TableName: 'Watermarks', Key: told } }] },
      ['dynamodb:GetItem on Watermarks["told"]'],
    ],
    [
      'PartiQL: the kind of each statement, and no partition that a policy could name',
      'BatchExecuteStatement',
      {
        Statements: [
          { Statement: `INSERT INTO "Sessions" VALUE {'bucket': ?}` },
          { Statement: 'update Sessions SET a = 1 WHERE bucket = ?' },
          { Statement: 'DELETE FROM "Sessions" WHERE bucket = ?' },
          { Statement: 'SELECT a, b FROM "Sessions"."byUser" WHERE user = ?' },
        ],
      },
      [
        'dynamodb:PartiQLInsert on Sessions["?"]',
        'dynamodb:PartiQLUpdate on Sessions["?"]',
        'dynamodb:PartiQLDelete on Sessions["?"]',
        'dynamodb:PartiQLSelect on Sessions/index/byUser["?"]',
      ],
    ],
    [
      'one statement of PartiQL: that',
      'ExecuteStatement',
      { Statement: 'SELECT * FROM Sessions' },
      ['dynamodb:PartiQLSelect on Sessions["?"]'],
    ],
    [
      'a transaction of PartiQL: each',
      'ExecuteTransaction',
      { TransactStatements: [{ Statement: 'DELETE FROM Sessions WHERE bucket = ?' }] },
      ['dynamodb:PartiQLDelete on Sessions["?"]'],
    ],
    ['anything else: that', 'ListTables', {}, ['dynamodb:ListTables on *"any"']],
  ])('%s', (_, operation, input, expected) => {
    expect(asked(operation, input)).toEqual(expected);
  });

  test('given a transaction, then its parts are known to be of one', () => {
    const TransactItems = [{ Update: { TableName: 'Watermarks', Key: told } }];

    const [access] = dynamoDbAccesses(
      'DynamoDB_20120810.TransactWriteItems',
      { TransactItems },
      partitionKeys,
    );

    expect(access?.context?.['dynamodb:EnclosingOperation']).toEqual(['TransactWriteItems']);
  });
});
