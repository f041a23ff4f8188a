/** The account that everything local belongs to; nobody has it. */
export const account = '000000000000';
export const region = 'us-east-1';

/** How an ARN goes on after the service, by type of resource (Service Authorization Reference, "Resource types"). */
const formats: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::Table': (name) => `dynamodb:${region}:${account}:table/${name}`,
  'AWS::Events::EventBus': (name) => `events:${region}:${account}:event-bus/${name}`,
  'AWS::IAM::Role': (name) => `iam::${account}:role/${name}`,
  'AWS::Kinesis::Stream': (name) => `kinesis:${region}:${account}:stream/${name}`,
  'AWS::Lambda::Function': (name) => `lambda:${region}:${account}:function:${name}`,
  // What CloudFormation says of a log group ends in a star that stands for its streams.
  'AWS::Logs::LogGroup': (name) => `logs:${region}:${account}:log-group:${name}:*`,
  'AWS::S3::Bucket': (name) => `s3:::${name}`,
  // Secrets Manager adds a hyphen and six characters to each name.
  'AWS::SecretsManager::Secret': (name) => `secretsmanager:${region}:${account}:secret:${name}-000000`,
};

/** The ARN of a resource of the template. Types that no policy of a function names have one that is made up. */
export function arnOf(type: string, name: string): string {
  const format = formats[type] ?? ((it: string) => `local:${region}:${account}:${it}`);
  return `arn:aws:${format(name)}`;
}

/** Types whose `Ref` is their ARN rather than their name (CloudFormation guide, "Return values"). */
const namedByArn = new Set(['AWS::SecretsManager::Secret']);

/** What CloudFormation makes of a `Ref`. */
export const refOf = (type: string, name: string): string =>
  namedByArn.has(type) ? arnOf(type, name) : name;
