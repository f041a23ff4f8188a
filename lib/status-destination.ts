import { Duration, SecretValue } from 'aws-cdk-lib';
import {
  ApiDestination,
  Authorization,
  Connection,
  HttpMethod,
  type IApiDestination,
  type IEventBus,
  Rule,
} from 'aws-cdk-lib/aws-events';
import { ApiDestination as ApiDestinationTarget } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventSource } from '../core/events';
import { acknowledge } from './acknowledgements';
import type { StatusDestinationOptions } from './settings';

export interface StatusDestinationProps {
  readonly destination: StatusDestinationOptions;
  readonly events: IEventBus;
}

/** The most that EventBridge does for an event (EventBridge guide, "Retrying event delivery"). */
const retries = { retryAttempts: 185, maxEventAge: Duration.hours(24) };

/**
 * Calls an HTTPS endpoint of a core system with every change of status, in no order and at least once (docs/INTEGRATION.md).
 * What it does not take within a day waits in a queue.
 */
export class StatusDestination extends Construct {
  /** Events that were given up, whole, with the reason as attributes. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { destination, events }: StatusDestinationProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const reason =
      'It is the end of the line of EventBridge, which cdk-nag does not see; nothing reads it by itself';
    acknowledge(this.deadLetters, {
      'AwsSolutions-SQS3': reason,
      'Serverless-SQSRedrivePolicy': reason,
    });
    new Rule(this, 'Rule', {
      description: 'Rollcall: changes of status, for a core system',
      eventBus: events,
      eventPattern: { source: [eventSource] },
      targets: [
        new ApiDestinationTarget(this.endpoint(destination), {
          deadLetterQueue: this.deadLetters,
          ...retries,
        }),
      ],
    });
  }

  private endpoint({ url, keySecret, callsPerSecond = 50 }: StatusDestinationOptions): IApiDestination {
    const connection = new Connection(this, 'Connection', {
      description: 'Rollcall: what a core system knows its calls by',
      // Resolved by CloudFormation at deployment: the key is in no template.
      authorization: Authorization.apiKey('x-api-key', SecretValue.secretsManager(keySecret)),
    });
    return new ApiDestination(this, 'Endpoint', {
      description: 'Rollcall: changes of status',
      connection,
      endpoint: url,
      httpMethod: HttpMethod.POST,
      rateLimitPerSecond: callsPerSecond,
      // CDK is compiled without exactOptionalPropertyTypes, hence the cast.
    }) as IApiDestination;
  }
}
