import { join } from 'node:path';
import { systemClock } from '../adapters/aws/system-clock';
import type { Log } from '../core/ports';
import { defaultTimings } from '../core/timings';
import { startConnectionsApi } from './connections-api';
import { type Deployment, readDeployment } from './deployment';
import { DevIssuer } from './dev-issuer';
import { Directories } from './directories';
import { createTables, localClient, startDynamoDb } from './dynamodb';
import { FileCheckpoints, MemoryCheckpoints } from './event-source-checkpoints';
import { EventSourceMapping } from './event-source-mapping';
import { startEventBridge } from './eventbridge';
import { startFleet } from './fleet/runner';
import { front } from './front';
import { type Endpoints, Functions } from './functions';
import type { Invoke } from './invoke';
import { startKinesis } from './kinesis/server';
import { Streams } from './kinesis/streams';
import type { Options } from './options';
import { PublicServer } from './public-server';
import { type S3, startS3 } from './s3';
import { startSchedule } from './schedule';
import { synthesize } from './synth';
import { Teardown } from './teardown';
import { LocalTemplate } from './template';
import { sweepExpired } from './ttl-sweeper';
import { WebSocketGateway } from './websocket-gateway';

const audience = 'rollcall';
const sweepEveryMs = 60_000;

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
    const start = new Start(options, server, teardown, log);
    await start.run(signal);
    return { url: `http://localhost:${server.port}`, close: () => teardown.run() };
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

/** One start: each step notes how it ends before the next begins. */
class Start {
  private readonly directories: Directories;
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
    await synthesize(this.directories.assembly, settingsFor(this.options, port), signal);
    const deployment = readDeployment(new LocalTemplate(this.directories.assembly, 'Rollcall'));
    const issuer = await this.issuer(port);
    const streams = this.streams(deployment);
    const eventBridge = this.teardown.add(await startEventBridge({ onEvents: () => {}, clock: systemClock }));
    const s3 = this.teardown.add(await startS3(inDirectory(this.directories.kept('s3'))));
    const gateway = this.gateway(deployment);
    const functions = new Functions(
      deployment,
      {
        dynamodb: await this.dynamoDb(deployment),
        kinesis: this.teardown.add(await startKinesis(streams)).endpoint,
        eventbridge: eventBridge.endpoint,
        s3: s3.endpoint,
        connections: this.teardown.add(await startConnectionsApi(gateway.sockets)).endpoint,
      } satisfies Endpoints,
      this.log,
    );
    this.teardown.add(functions);
    gateway.routeTo(functions);
    this.startTriggers(deployment, functions, streams, s3);
    const parts = { port, deployment, functions, issuer, eventBridge, now: this.now, log: this.log };
    this.server.open(front(parts), (request, socket, head) => gateway.sockets.upgrade(request, socket, head));
    this.startFleet(issuer, port);
  }

  private async issuer(port: number): Promise<DevIssuer> {
    const keys = this.directories.kept('issuer');
    return await DevIssuer.create({
      issuer: `http://localhost:${port}`,
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
}
