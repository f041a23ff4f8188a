import { join } from 'node:path';
import { systemClock } from '../adapters/aws/system-clock';
import type { Log } from '../core/ports';
import { assemblyFor } from './assemblies';
import { startConnectionsApi } from './connections-api';
import { type Deployment, readDeployment } from './deployment';
import { DevIssuer } from './dev-issuer';
import { Directories } from './directories';
import { startEventBridge } from './eventbridge';
import { Faults } from './faults';
import { startFleet } from './fleet/runner';
import { front, heartbeatPath, livePath } from './front';
import { type Endpoints, Functions, type FunctionsParts } from './functions';
import { startKinesis } from './kinesis/server';
import { Streams } from './kinesis/streams';
import { addressesAt, audience, localSettings } from './local-settings';
import { Metering } from './metering';
import type { Options } from './options';
import type { AdmittedRequest } from './permissions/guard';
import { type GuardedServices, guardServices } from './permissions/guarded-services';
import type { Permissions } from './permissions/permissions';
import { PublicServer } from './public-server';
import { startS3 } from './s3';
import { startSecretsManager } from './secrets-manager';
import { startTables } from './tables';
import { Teardown } from './teardown';
import { LocalTemplate } from './template';
import { startTriggers } from './triggers';
import { WebSocketGateway } from './websocket-gateway';

/** The running whole. */
export interface Runtime {
  readonly url: string;
  readonly deployment: Deployment;
  readonly functions: Functions;
  readonly permissions: Permissions;
  close(): Promise<void>;
}

/**
 * Starts everything that the template deploys, on this machine.
 * @param signal ends a start that is still under way
 * @param onAdmitted is told of each call of a service that a function's permissions let through
 * @throws PortTaken, SynthFailed, NoDynamoDb, each with one sentence for whoever started it
 */
export async function startRuntime(
  options: Options,
  log: Log,
  signal: AbortSignal,
  onAdmitted?: (request: AdmittedRequest) => void,
): Promise<Runtime> {
  const teardown = new Teardown();
  try {
    const server = teardown.add(await PublicServer.listen(options.port, log));
    const parts = await new Start(options, server, teardown, log, onAdmitted).run(signal);
    return { url: `http://localhost:${server.port}`, ...parts, close: () => teardown.run() };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

type RunningParts = Pick<Runtime, 'deployment' | 'functions' | 'permissions'>;

/** One start: each step notes how it ends before the next begins. */
class Start {
  private readonly directories: Directories;
  private readonly faults = new Faults();
  private readonly metering: Metering;
  private readonly now = systemClock.now;

  constructor(
    private readonly options: Options,
    private readonly server: PublicServer,
    private readonly teardown: Teardown,
    private readonly log: Log,
    private readonly onAdmitted?: (request: AdmittedRequest) => void,
  ) {
    this.directories = new Directories(options.dataDirectory);
    this.metering = teardown.add(new Metering(this.now));
  }

  async run(signal: AbortSignal): Promise<RunningParts> {
    const { port } = this.server;
    const issuer = await this.issuer();
    const assembly = await assemblyFor(localSettings(this.options), signal);
    const deployment = readDeployment(new LocalTemplate(assembly, 'Rollcall', addressesAt(port)));
    const services = await this.services(deployment);
    const { permissions, endpoints: guarded } = await this.guarded(
      deployment,
      await this.metering.before(services.endpoints),
    );
    const { metering, log } = this;
    const functions = this.functions({
      deployment,
      permissions,
      metering,
      endpoints: guarded,
      log,
    });
    this.openFeed(deployment, functions, services.sockets);
    const { sockets, eventBridge, endpoints } = services;
    this.server.open(
      front({
        port,
        deployment,
        functions,
        issuer,
        eventBridge,
        endpoints,
        permissions,
        metering,
        faults: this.faults,
        now: this.now,
      }),
      (...upgrade) => sockets.upgrade(...upgrade),
    );
    await functions.warm();
    signal.throwIfAborted();
    const checkpoints = this.directories.kept('kinesis');
    const { faults } = this;
    const triggers = startTriggers({
      deployment,
      functions,
      permissions,
      checkpoints,
      ...services,
      faults,
      log,
    });
    for (const trigger of triggers) this.teardown.add(trigger);
    this.fleet(issuer);
    return { deployment, functions, permissions };
  }

  /** What stands for the services of AWS that the functions call. */
  private async services(deployment: Deployment) {
    const { now, log, teardown } = this;
    const tables = teardown.add(
      await startTables(deployment.tables, {
        directory: this.directories.kept('dynamodb'),
        now,
        log,
      }),
    );
    const streams = this.streams(deployment);
    const kinesis = teardown.add(await startKinesis(streams));
    const eventBridge = teardown.add(await startEventBridge({ onEvents: () => {}, clock: systemClock }));
    const s3 = teardown.add(await startS3(inDirectory(this.directories.kept('s3'))));
    const sockets = teardown.add(new WebSocketGateway({ path: livePath, now, log }));
    const connections = teardown.add(await startConnectionsApi(sockets));
    const secrets = teardown.add(
      await startSecretsManager(deployment.secrets, this.directories.kept('secrets')),
    );
    const endpoints: Endpoints = {
      dynamodb: tables.endpoint,
      kinesis: kinesis.endpoint,
      eventbridge: eventBridge.endpoint,
      s3: s3.endpoint,
      connections: connections.endpoint,
      secretsmanager: secrets.endpoint,
      heartbeats: `http://127.0.0.1:${this.server.port}${heartbeatPath}`,
    };
    return { streams, s3, eventBridge, sockets, endpoints };
  }

  /** What sockets say goes to the functions of their routes. */
  private openFeed({ feed, stream }: Deployment, functions: Functions, sockets: WebSocketGateway): void {
    const routes = [...feed.routes].map(
      ([key, name]) => [key, this.metering.hearing(key, functions.invoke(name))] as const,
    );
    sockets.routeTo(new Map(routes));
    this.metering.standsFor({
      shards: stream.shards,
      streamMode: 'provisioned',
      sockets: () => sockets.connectionCount,
    });
  }

  /** The services as the functions reach them. */
  private async guarded(deployment: Deployment, endpoints: Endpoints): Promise<GuardedServices> {
    const { log, onAdmitted } = this;
    const options = { deployment, endpoints, log, ...(onAdmitted && { onAdmitted }) };
    return this.teardown.add(await guardServices(options));
  }

  private functions(parts: FunctionsParts): Functions {
    return this.teardown.add(new Functions(parts));
  }

  private async issuer(): Promise<DevIssuer> {
    const keys = this.directories.kept('issuer');
    return await DevIssuer.create({
      issuer: `http://localhost:${this.server.port}`,
      audience,
      now: this.now,
      ...(keys !== undefined && { keyFile: join(keys, 'key.json') }),
    });
  }

  private streams({ stream }: Deployment): Streams {
    const streams = this.teardown.add(
      Streams.open({ now: this.now, ...inDirectory(this.directories.kept('kinesis')) }),
    );
    streams.create(stream.name, stream.shards);
    return streams;
  }

  private fleet(issuer: DevIssuer): void {
    const { fleet: facilities, seed } = this.options;
    if (facilities === 0) return;
    this.teardown.add(
      startFleet({
        facilities,
        seed,
        heartbeatUrl: `http://127.0.0.1:${this.server.port}${heartbeatPath}`,
        token: (user, provide) => issuer.token({ sub: user, rollcall: { provide } }),
        clock: systemClock,
        log: this.log,
      }),
    );
  }
}

const inDirectory = (directory: string | undefined): { directory?: string } =>
  directory === undefined ? {} : { directory };
