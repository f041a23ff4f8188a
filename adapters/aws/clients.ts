import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * Clients that give up early: an invocation that waits for a stuck call holds up its whole shard or tick, while the
 * stream and the next tick bring the work back anyway. The SDK's own defaults have no request timeout at all.
 */
const handler = (requestTimeoutMs: number, maxSockets = 100): NodeHttpHandler =>
  new NodeHttpHandler({
    connectionTimeout: 1_000,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpsAgent: { maxSockets },
    httpAgent: { maxSockets },
  });

/** Without the copies of each request and answer that the SDK makes for a log which it was not given: a sixth of its time. */
function unlogged<Client extends { readonly middlewareStack: { remove(name: string): boolean } }>(
  client: Client,
): Client {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

export const dynamoClient = (): DynamoDBClient =>
  unlogged(new DynamoDBClient({ requestHandler: handler(3_000), maxAttempts: 4 }));

/** HTTP/1.1: the Kinesis client's own HTTP/2 is slower for many small calls (docs/adr/0005-http1-to-kinesis.md). */
export const kinesisClient = (): KinesisClient =>
  unlogged(new KinesisClient({ requestHandler: handler(3_000), maxAttempts: 3 }));

export const eventBridgeClient = (): EventBridgeClient =>
  unlogged(new EventBridgeClient({ requestHandler: handler(3_000), maxAttempts: 3 }));

/** Path style, so that the bucket's name need not be a host name that resolves. */
export const s3Client = (): S3Client =>
  new S3Client({ requestHandler: handler(5_000), maxAttempts: 3, forcePathStyle: true });

export const secretsClient = (): SecretsManagerClient =>
  new SecretsManagerClient({ requestHandler: handler(3_000), maxAttempts: 3 });

/** Two attempts only: a socket that fails is told again by the next tick, the other sockets should not wait for it. */
export const feedClient = (endpoint: string): ApiGatewayManagementApiClient =>
  unlogged(
    new ApiGatewayManagementApiClient({ endpoint, requestHandler: handler(1_000, 200), maxAttempts: 2 }),
  );
