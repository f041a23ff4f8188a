import type { Log } from '../../core/ports';
import type { Deployment } from '../deployment';
import type { Endpoints } from '../functions';
import type { LocalServer } from '../loopback';
import { type AdmittedRequest, startGuard } from './guard';
import { Permissions } from './permissions';
import {
  connectionsProtocol,
  dynamoDbProtocol,
  eventBridgeProtocol,
  kinesisProtocol,
  type Protocol,
  s3Protocol,
  secretsManagerProtocol,
} from './protocols';

/** Services as functions reach them: each behind a guard. */
export interface GuardedServices {
  readonly endpoints: Endpoints;
  readonly permissions: Permissions;
  close(): Promise<void>;
}

export interface GuardedServicesOptions {
  readonly deployment: Deployment;
  readonly endpoints: Endpoints;
  readonly log: Log;
  readonly onAdmitted?: (request: AdmittedRequest) => void;
}

/** Starts a guard for every service of AWS that functions call. */
export async function guardServices(options: GuardedServicesOptions): Promise<GuardedServices> {
  const { deployment, endpoints, log, onAdmitted } = options;
  const permissions = new Permissions(deployment.functions, log);
  const guards: LocalServer[] = [];
  const guarded: Record<string, string> = {};
  for (const [service, protocol] of Object.entries(protocolsOf(deployment))) {
    const endpoint = endpoints[service as GuardedService];
    const guard = await startGuard({
      endpoint,
      protocol,
      permissions,
      log,
      ...(onAdmitted && { onAdmitted }),
    });
    guards.push(guard);
    guarded[service] = guard.endpoint;
  }
  return {
    endpoints: { ...endpoints, ...guarded },
    permissions,
    close: async () => {
      await Promise.all(guards.map((guard) => guard.close()));
    },
  };
}

/** All but the address that front ends post to, which is no service of AWS. */
type GuardedService = Exclude<keyof Endpoints, 'heartbeats'>;

const protocolsOf = ({ tables, feed }: Deployment): Readonly<Record<GuardedService, Protocol>> => ({
  dynamodb: dynamoDbProtocol(
    new Map(
      tables.map(({ definition: { TableName, KeySchema = [] } }) => [
        TableName,
        KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
      ]),
    ),
  ),
  kinesis: kinesisProtocol(),
  eventbridge: eventBridgeProtocol(),
  s3: s3Protocol(),
  connections: connectionsProtocol(feed.apiId),
  secretsmanager: secretsManagerProtocol(),
});
