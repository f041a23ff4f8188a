import type { Meter } from './meter';
import { chargeCall, consumedCapacity, consumes, type Service } from './wire';

const serviceOf: Readonly<Record<string, Service>> = {
  DynamoDBClient: 'dynamodb',
  KinesisClient: 'kinesis',
  EventBridgeClient: 'eventbridge',
  S3Client: 's3',
  ApiGatewayManagementApiClient: 'connections',
  SecretsManagerClient: 'secretsmanager',
};

/** As much of the SDK's middleware as is used here; its own types are one per client. */
interface Stacked {
  readonly middlewareStack: {
    add(middleware: unknown, options: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

type Next = (given: { input: object }) => Promise<{ readonly output: unknown }>;

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

/** The same client, each call counted as AWS bills it; DynamoDB is asked to say what it consumed. */
export function meteredClient<C extends Stacked>(client: C, meter: Meter): C {
  const metering = (next: Next, { clientName = '', commandName = '' }: Context) => {
    const service = serviceOf[clientName];
    const operation = commandName.replace(/Command$/, '');
    return async (given: { input: object }) => {
      if (service === undefined) return await next(given);
      const asks = service === 'dynamodb' && consumes(operation);
      const input = asks ? { ...given.input, ...consumedCapacity } : given.input;
      try {
        const result = await next({ ...given, input });
        chargeCall(meter, { service, operation, input, output: result.output });
        return result;
      } catch (error) {
        chargeCall(meter, { service, operation, input });
        throw error;
      }
    };
  };
  client.middlewareStack.add(metering, { step: 'initialize', name: 'rollcallMetering' });
  return client;
}
