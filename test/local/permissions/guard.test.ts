import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type LocalServer, listenOnLoopback } from '../../../local/loopback';
import type { Grant } from '../../../local/permissions/grants';
import { startGuard } from '../../../local/permissions/guard';
import { Permissions } from '../../../local/permissions/permissions';
import {
  connectionsProtocol,
  dynamoDbProtocol,
  eventBridgeProtocol,
  kinesisProtocol,
  type Protocol,
  s3Protocol,
  secretsManagerProtocol,
} from '../../../local/permissions/protocols';
import { MemoryLog } from '../memory-log';

const account = 'arn:aws:dynamodb:us-east-1:000000000000';
const secret = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Canary-000000';

/** Answers everything with nothing, and counts. */
let service: LocalServer & { readonly requests: string[] };
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  const requests: string[] = [];
  const server = await listenOnLoopback(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
  });
  service = { ...server, requests };
});

afterEach(async () => {
  await Promise.all([...opened.splice(0), service].map((server) => server.close()));
});

/** A guard in front of the service, behind which `fn` may do what is granted. */
async function guarded(protocol: Protocol, grants: readonly Grant[], accessKeyId = 'fn') {
  const log = new MemoryLog();
  const permissions = new Permissions([{ name: 'fn', role: 'fnRole', grants }], log);
  const guard = await startGuard({ endpoint: service.endpoint, protocol, permissions, log });
  opened.push(guard);
  return {
    endpoint: guard.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'x' },
    // HTTP/1.1, as the functions speak it also to Kinesis.
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
    forcePathStyle: true,
  };
}

const getItem = new GetItemCommand({ TableName: 'Watermarks', Key: { source: { S: 'told' } } });
const mayGet: Grant = {
  effect: 'Allow',
  action: 'dynamodb:GetItem',
  resource: `${account}:table/Watermarks`,
};
const tables = dynamoDbProtocol(new Map([['Watermarks', 'source']]));

type Config = Awaited<ReturnType<typeof guarded>>;

/** A service, a call of it, the error that AWS answers where it is not allowed, and what allows it. */
const calls: readonly [string, Protocol, (config: Config) => Promise<unknown>, object, Grant][] = [
  [
    'DynamoDB',
    tables,
    (config) => new DynamoDBClient(config).send(getItem),
    { name: 'AccessDeniedException', status: 400 },
    mayGet,
  ],
  [
    'Kinesis',
    kinesisProtocol(),
    (config) =>
      new KinesisClient(config).send(
        new PutRecordsCommand({
          StreamName: 'Beats',
          Records: [{ Data: Buffer.from('x'), PartitionKey: 'p' }],
        }),
      ),
    { name: 'AccessDeniedException', status: 400 },
    {
      effect: 'Allow',
      action: 'kinesis:PutRecords',
      resource: 'arn:aws:kinesis:us-east-1:000000000000:stream/Beats',
    },
  ],
  [
    'EventBridge',
    eventBridgeProtocol(),
    (config) =>
      new EventBridgeClient(config).send(
        new PutEventsCommand({
          Entries: [{ EventBusName: 'Events', Source: 's', DetailType: 't', Detail: '{}' }],
        }),
      ),
    { name: 'AccessDeniedException', status: 400 },
    {
      effect: 'Allow',
      action: 'events:PutEvents',
      resource: 'arn:aws:events:us-east-1:000000000000:event-bus/Events',
    },
  ],
  [
    'Secrets Manager',
    secretsManagerProtocol(),
    (config) => new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: secret })),
    { name: 'AccessDeniedException', status: 400 },
    { effect: 'Allow', action: 'secretsmanager:GetSecretValue', resource: secret },
  ],
  [
    'S3',
    s3Protocol(),
    (config) =>
      new S3Client(config).send(new PutObjectCommand({ Bucket: 'letters', Key: 'a/b', Body: 'body' })),
    { name: 'AccessDenied', status: 403 },
    { effect: 'Allow', action: 's3:PutObject', resource: 'arn:aws:s3:::letters/*' },
  ],
  [
    'the API of the sockets',
    connectionsProtocol('api'),
    (config) =>
      new ApiGatewayManagementApiClient({ ...config, endpoint: `${config.endpoint}/live` }).send(
        new PostToConnectionCommand({ ConnectionId: 'abc=', Data: '{}' }),
      ),
    { name: 'AccessDeniedException', status: 403 },
    {
      effect: 'Allow',
      action: 'execute-api:ManageConnections',
      resource: 'arn:aws:execute-api:us-east-1:000000000000:api/live/POST/@connections/*',
    },
  ],
];

/** What a caller of the SDK sees of a failure. */
async function failure(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => thrown,
  );
  return { name: error?.name, status: error?.$metadata?.httpStatusCode, message: error?.message };
}

describe.each(calls)('given a call of %s', (_, protocol, call, refused, grant) => {
  test('when the policies of the function do not allow it, then it fails as at AWS and never gets there', async () => {
    const config = await guarded(protocol, []);

    const { message, ...rest } = await failure(call(config));

    expect(rest).toEqual(refused);
    expect(message).toMatch(
      new RegExp(
        `^User: arn:aws:sts::000000000000:assumed-role/fnRole/fn is not authorized to perform: ${grant.action} on resource: `,
      ),
    );
    expect(service.requests).toEqual([]);
  });

  test('when they do, then it gets there', async () => {
    const config = await guarded(protocol, [grant]);

    await call(config);

    expect(service.requests).toHaveLength(1);
  });

  test('when nobody knows who calls, then AWS does not either', async () => {
    const { name } = await failure(call(await guarded(protocol, [grant], 'stranger')));

    expect(['UnrecognizedClientException', 'InvalidAccessKeyId']).toContain(name);
    expect(service.requests).toEqual([]);
  });
});

describe('given a connection that is used again and again', () => {
  test('when a call in between is refused, then those around it are answered in order', async () => {
    const client = new DynamoDBClient(await guarded(tables, [mayGet]));
    const Update = {
      TableName: 'Watermarks',
      Key: { source: { S: 'told' } },
      UpdateExpression: 'SET a = :a',
    };

    await client.send(getItem);
    const { name } = await failure(
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update }] })),
    );
    await client.send(getItem);

    expect(name).toBe('AccessDeniedException');
    expect(service.requests).toHaveLength(2);
  });

  test('when a body comes in many parts, then it passes whole, allowed or not', async () => {
    const s3 = (grants: readonly Grant[]) =>
      guarded(s3Protocol(), grants).then((config) => new S3Client(config));
    const put = new PutObjectCommand({ Bucket: 'letters', Key: 'big', Body: 'x'.repeat(3_000_000) });
    const [, , , , mayPut] = calls[4] as (typeof calls)[number];

    expect((await failure((await s3([])).send(put))).name).toBe('AccessDenied');
    await (await s3([mayPut])).send(put);

    expect(service.requests).toEqual(['PUT /letters/big?x-id=PutObject']);
  });
});
