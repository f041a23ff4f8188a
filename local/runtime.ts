import { join } from 'node:path';
import { systemClock } from '../adapters/aws/system-clock';
import type { Log } from '../core/ports';
import { startConnectionsApi } from './connections-api';
import { type Deployment, readDeployment } from './deployment';
import { DevIssuer } from './dev-issuer';
import { Directories } from './directories';
import { startEventBridge } from './eventbridge';
import { Faults } from './faults';
import { startFleet } from './fleet/runner';
import { front, heartbeatPath, livePath } from './front';
import { type Endpoints, Functions } from './functions';
import { startKinesis } from './kinesis/server';
import { Streams } from './kinesis/streams';
import { audience, localSettings } from './local-settings';
import type { Options } from './options';
import { PublicServer } from './public-server';
import { startS3 } from './s3';
import { startSecretsManager } from './secrets-manager';
import { synthesize } from './synth';
import { startTables } from './tables';
import { Teardown } from './teardown';
import { LocalTemplate } from './template';
import { startTriggers } from './triggers';
import { WebSocketGateway } from './websocket-gateway';

/** The running whole. */
export interface Runtime {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts everything that the template deploys, on this machine.
 * @param signal ends a start that is still under way
 * @throws PortTaken, SynthFailed, NoDynamoDb, each with one sentence for whoever started it
 */
export async function startRuntime(options: Options, log: Log, signal: AbortSignal): Promise<Runtime> {
  const teardown = new Teardown();
  try {
    const server = teardown.add(await PublicServer.listen(options.port, log));
    await new Start(options, server, teardown, log).run(signal);
    return { url: `http://localhost:${server.port}`, close: () => teardown.run() };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

/** One start: each step notes how it ends before the next begins. */
class Start {
  private readonly directories: Directories;
  private readonly faults = new Faults();
  private readonly now = systemClock.now;

  constructor(
    private readonly options: Options,
    private readonly server: PublicServer,
    private readonly teardown: Teardown,
    private readonly log: Log,
  ) {
    this.directories = teardown.add(new Directories(options.dataDirectory));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { port } = this.server;
    const issuer = await this.issuer();
    await synthesize(this.directories.assembly, localSettings(this.options, port), signal);
    const deployment = readDeployment(new LocalTemplate(this.directories.assembly, 'Rollcall'));
    const services = await this.services(deployment);
    const functions = this.functions(deployment, services);
    const { sockets, eventBridge, endpoints } = services;
    this.server.open(
      front({
        port,
        deployment,
        functions,
        issuer,
        eventBridge,
        endpoints,
        faults: this.faults,
        now: this.now,
      }),
      (...upgrade) => sockets.upgrade(...upgrade),
    );
    await functions.warm();
    signal.throwIfAborted();
    const checkpoints = this.directories.kept('kinesis');
    const { faults, log } = this;
    const triggers = startTriggers({ deployment, functions, checkpoints, ...services, faults, log });
    for (const trigger of triggers) this.teardown.add(trigger);
    this.fleet(issuer);
  }

  /** What stands for the services of AWS that the functions call. */
  private async services(deployment: Deployment) {
    const { now, log, teardown } = this;
    const tables = teardown.add(
      await startTables(deployment.tables, {
        directory: this.directories.kept('dynamodb'),
        ownDirectory: this.directories.assembly,
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

  private functions(deployment: Deployment, services: Awaited<ReturnType<Start['services']>>): Functions {
    const functions = this.teardown.add(new Functions(deployment, services.endpoints, this.log));
    const routes = [...deployment.feed.routes].map(([key, name]) => [key, functions.invoke(name)] as const);
    services.sockets.routeTo(new Map(routes));
    return functions;
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
