import { randomUUID } from 'node:crypto';
import { account, arnOf, region } from '../arns';
import { xmlElement } from '../xml';
import { dynamoDbAccesses, type PartitionKeys } from './dynamodb-accesses';
import type { Access } from './evaluator';
import type { Answer, RequestHead } from './http-message';
import { type Refusal, wordsOf } from './permissions';

/** How a service is asked, and how it says no. */
export interface Protocol {
  /** Whether what is asked for is in the body rather than in the head. */
  readonly inBody: boolean;
  accessesOf(head: RequestHead, body: Buffer): readonly Access[];
  /** Of somebody who may not do this. */
  refusal(refusal: Refusal): Answer;
  /** Of somebody whom nobody knows. */
  stranger(): Answer;
}

const whoAreYou = 'The security token included in the request is invalid.';

type Json = Readonly<Record<string, unknown>>;

/** The protocols AWS JSON 1.0 and 1.1. */
function jsonProtocol(
  version: '1.0' | '1.1',
  accessesOf: (target: string, input: Json) => readonly Access[],
  typePrefix = '',
): Protocol {
  const refused = (type: string, Message: string): Answer => ({
    status: 400,
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify({ __type: `${typePrefix}${type}`, Message }),
  });
  return {
    inBody: true,
    accessesOf: ({ headers }, body) =>
      accessesOf(headers.get('x-amz-target') ?? '', JSON.parse(body.toString('utf8') || '{}')),
    refusal: (refusal) => refused('AccessDeniedException', wordsOf(refusal)),
    stranger: () => refused('UnrecognizedClientException', whoAreYou),
  };
}

/** Its error types have the namespace of the framework that it is made with. */
export const dynamoDbProtocol = (partitionKeys: PartitionKeys): Protocol =>
  jsonProtocol(
    '1.0',
    (target, input) => dynamoDbAccesses(target, input, partitionKeys),
    'com.amazon.coral.service#',
  );

export const kinesisProtocol = (): Protocol =>
  jsonProtocol('1.1', (target, { StreamName, StreamARN }) => [
    {
      action: `kinesis:${operationIn(target)}`,
      resource: String(StreamARN ?? arnOf('AWS::Kinesis::Stream', String(StreamName ?? '*'))),
    },
  ]);

export const eventBridgeProtocol = (): Protocol =>
  jsonProtocol('1.1', (target, { Entries = [] }) => {
    const buses = new Set((Entries as Json[]).map(({ EventBusName = 'default' }) => String(EventBusName)));
    return [...buses].map((bus) => ({
      action: `events:${operationIn(target)}`,
      resource: arnGiven('AWS::Events::EventBus', bus),
    }));
  });

export const secretsManagerProtocol = (): Protocol =>
  jsonProtocol('1.1', (target, { SecretId }) => [
    { action: `secretsmanager:${operationIn(target)}`, resource: arnGiven(secretType, String(SecretId)) },
  ]);

const secretType = 'AWS::SecretsManager::Secret';

/** Where services take a name or an ARN. */
const arnGiven = (type: string, given: string): string =>
  given.startsWith('arn:') ? given : arnOf(type, given);

const operationIn = (target: string): string => target.slice(target.lastIndexOf('.') + 1);

/** S3 in path style. */
export const s3Protocol = (): Protocol => {
  const refused = (status: number, Code: string, Message: string): Answer => ({
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': randomUUID() },
    body: xmlElement('Error', { Code, Message, RequestId: randomUUID() }),
  });
  return {
    inBody: false,
    accessesOf: ({ method, path }) => {
      const [place = ''] = path.slice(1).split('?', 1);
      const isBucket = !/^[^/]+\/./.test(place);
      const action = (isBucket ? bucketActions : objectActions)[method] ?? `${method}Object`;
      const name = decodeURIComponent(isBucket ? place.replace(/\/$/, '') : place);
      return [{ action: `s3:${action}`, resource: arnOf('AWS::S3::Bucket', name) }];
    },
    refusal: (refusal) => refused(403, 'AccessDenied', quotingResource(wordsOf(refusal), refusal)),
    stranger: () =>
      refused(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'),
  };
};

/** Of the operations, those by which Rollcall reaches S3. */
const objectActions: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'GetObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};
const bucketActions: Readonly<Record<string, string>> = { GET: 'ListBucket', HEAD: 'ListBucket' };

const quotingResource = (words: string, { access }: Refusal): string =>
  words.replace(access.resource, `"${access.resource}"`);

/** The API that sockets are reached by. API Gateway does not tell the account, nor which connection it was about. */
export const connectionsProtocol = (apiId: string): Protocol => {
  const refused = (type: string, Message: string): Answer => ({
    status: 403,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': type,
      'x-amzn-requestid': randomUUID(),
    },
    body: JSON.stringify({ Message }),
  });
  return {
    inBody: false,
    accessesOf: ({ method, path }) => {
      const [, stage = '', , id = ''] = decodeURIComponent(path.split('?', 1)[0] ?? '').split('/');
      return [
        {
          action: 'execute-api:ManageConnections',
          resource: `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${method}/@connections/${id}`,
        },
      ];
    },
    refusal: (refusal) => refused('AccessDeniedException', withoutNames(refusal)),
    stranger: () => refused('UnrecognizedClientException', whoAreYou),
  };
};

function withoutNames({ principal, access: { action, resource } }: Refusal): string {
  const masked = resource
    .replace(`:${account}:`, `:********${account.slice(-4)}:`)
    .replace(/@connections\/.*/, '@connections/{connectionId}');
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${masked}`;
}
