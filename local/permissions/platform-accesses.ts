import { RollcallError } from '../../core/errors';
import { arnOf } from '../arns';
import type { DeployedFunction, Deployment } from '../deployment';
import type { Access } from './evaluator';
import { type Permissions, wordsOf } from './permissions';

/** The role of a function does not let Lambda do what it does for that function. */
export class RoleMayNot extends RollcallError {}

/** What Lambda does with what a function prints. */
export function loggingAccesses({ logGroup }: Pick<DeployedFunction, 'logGroup'>): readonly Access[] {
  const resource = arnOf('AWS::Logs::LogGroup', logGroup).replace(/\*$/, 'log-stream:local');
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource }));
}

/** What Lambda does with the trace of an invocation; X-Ray knows no resources for it. */
export const tracingAccesses = ({ traced }: Pick<DeployedFunction, 'traced'>): readonly Access[] =>
  traced
    ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({ action, resource: '*' }))
    : [];

/** What an event source mapping asks for on its stream (Lambda guide, "with-kinesis", execution role). */
const readingActions = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:ListShards',
  'kinesis:GetShardIterator',
  'kinesis:GetRecords',
];

/** The event source mapping reads, and stores what it gives up, by the permissions of its function. */
export class MappingRole {
  constructor(
    private readonly deployment: Pick<Deployment, 'mapping' | 'stream'>,
    private readonly permissions: Permissions,
  ) {}

  /** @throws RoleMayNot */
  async mayRead(): Promise<void> {
    const { stream, mapping } = this.deployment;
    const resource = arnOf('AWS::Kinesis::Stream', stream.name);
    await this.require([
      ...readingActions.map((action) => ({ action, resource })),
      // Asked for when the mapping is made (Lambda guide, "Retaining discarded batch records").
      { action: 's3:ListBucket', resource: arnOf('AWS::S3::Bucket', mapping.deadLetters) },
    ]);
  }

  /** @throws RoleMayNot */
  async mayDiscard(key: string): Promise<void> {
    const object = arnOf('AWS::S3::Bucket', `${this.deployment.mapping.deadLetters}/${key}`);
    await this.require([{ action: 's3:PutObject', resource: object }]);
  }

  private async require(accesses: readonly Access[]): Promise<void> {
    const refusal = await this.permissions.refusalOf(this.deployment.mapping.functionName, accesses);
    if (refusal !== undefined) throw new RoleMayNot(wordsOf(refusal));
  }
}
