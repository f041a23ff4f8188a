import { synthesized } from './synthesized';

interface Expected {
  readonly key: readonly [partition: string, sort?: string];
  readonly expires: boolean;
  readonly recoverable: boolean;
}

const tables: Record<string, Expected> = {
  Sessions: { key: ['bucket S', 'session S'], expires: true, recoverable: false },
  Facilities: { key: ['region S', 'facility S'], expires: false, recoverable: true },
  Presence: { key: ['facility S', 'item S'], expires: true, recoverable: true },
  Regions: { key: ['region S', 'item S'], expires: false, recoverable: true },
  Changes: { key: ['region S', 'seq N'], expires: true, recoverable: true },
  Transitions: { key: ['facility S', 'at S'], expires: true, recoverable: true },
  Connections: { key: ['topic S', 'connectionId S'], expires: true, recoverable: false },
  Watermarks: { key: ['source S'], expires: true, recoverable: false },
};
const names = Object.keys(tables);

interface Key {
  readonly AttributeName: string;
  readonly KeyType: string;
}

describe('given the default settings', () => {
  const stack = synthesized();
  const table = (name: string) => stack.the('AWS::DynamoDB::Table', `Data/${name}`).properties;

  test('there are these tables and no other', () => {
    expect(stack.all('AWS::DynamoDB::Table').map(({ id }) => id)).toEqual(
      names.map((name) => `Data/${name}`),
    );
  });

  test.each(names)('%s has the key that the adapters use', (name) => {
    const { KeySchema, AttributeDefinitions } = table(name) as {
      KeySchema: Key[];
      AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
    };
    const typeOf = new Map(AttributeDefinitions.map((each) => [each.AttributeName, each.AttributeType]));
    const key = KeySchema.map(({ AttributeName }) => `${AttributeName} ${typeOf.get(AttributeName)}`);
    expect(KeySchema.map(({ KeyType }) => KeyType)).toEqual(['HASH', 'RANGE'].slice(0, key.length));
    expect(key).toEqual(tables[name]?.key);
  });

  test.each(names)('%s is billed by use, encrypted, and kept as its content deserves', (name) => {
    const expected = tables[name];
    expect(table(name)).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: expected?.recoverable },
    });
    expect(table(name).TimeToLiveSpecification).toEqual(
      expected?.expires ? { AttributeName: 'ttl', Enabled: true } : undefined,
    );
  });

  test('the secret of the canaries is made by the deployment, and by nobody guessed', () => {
    const secret = stack.the('AWS::SecretsManager::Secret', 'Data/CanarySecret');
    expect(secret.deletionPolicy).toBe('Delete');
    expect(secret.properties.GenerateSecretString).toMatchObject({ PasswordLength: 64 });
  });

  test('sessions are also found by user, through keys that no renewal changes', () => {
    expect(table('Sessions').GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byUser',
        KeySchema: [
          { AttributeName: 'user', KeyType: 'HASH' },
          { AttributeName: 'bucket', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  test('the stream has one shard, is encrypted and remembers a day', () => {
    expect(stack.only('AWS::Kinesis::Stream').properties).toMatchObject({
      ShardCount: 1,
      RetentionPeriodHours: 24,
      StreamEncryption: { EncryptionType: 'KMS' },
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });
  });

  test('dead letters are private, encrypted and forgotten after 30 days', () => {
    expect(stack.the('AWS::S3::Bucket', 'Data/DeadLetters').properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
    });
  });

  test('dead letters travel over TLS only', () => {
    const policy = stack.the('AWS::S3::BucketPolicy', 'Data/DeadLetters/Policy').properties.PolicyDocument;
    expect(policy).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    });
  });
});

test.each([
  [4, 'PROVISIONED', 4],
  ['on-demand', 'ON_DEMAND', undefined],
])('given %s shards, the stream has them', (shards, mode, count) => {
  const { properties } = synthesized({ shards }).only('AWS::Kinesis::Stream');
  expect(properties.StreamModeDetails).toEqual({ StreamMode: mode });
  expect(properties.ShardCount).toBe(count);
});

describe('when the stack is deleted', () => {
  const stored = (rollcall: object) => {
    const stack = synthesized(rollcall);
    return [
      ...stack.all('AWS::DynamoDB::Table'),
      stack.the('AWS::S3::Bucket', 'Data/DeadLetters'),
      stack.only('AWS::Cognito::UserPool'),
    ].map(({ id, deletionPolicy }) => [id, deletionPolicy]);
  };
  const everything = [...names.map((name) => `Data/${name}`), 'Data/DeadLetters', 'Users/Pool'];

  test('what it stored is kept', () => {
    expect(stored({})).toEqual(everything.map((id) => [id, 'Retain']));
  });

  test('what it stored goes with it, given removeDataOnDelete', () => {
    expect(stored({ removeDataOnDelete: true })).toEqual(everything.map((id) => [id, 'Delete']));
  });

  test('the stream goes with it in any case', () => {
    expect(synthesized().only('AWS::Kinesis::Stream').deletionPolicy).toBe('Delete');
  });
});
