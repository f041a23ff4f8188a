import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Log } from '../../core/ports';
import type { LocalServer } from '../loopback';
import type { Grant } from './grants';
import { answerBytes, NotFramed, type RequestHead, requestHead } from './http-message';
import type { Permissions } from './permissions';
import type { Protocol } from './protocols';

/** A request that was let through, with what it rested on. */
export interface AdmittedRequest {
  readonly function: string;
  readonly grants: readonly Grant[];
  /** Of the guard that it came to. */
  readonly endpoint: string;
  /** As it was received; without its body where that does not matter. */
  readonly bytes: Buffer;
}

export interface GuardOptions {
  /** Of the service behind it. */
  readonly endpoint: string;
  readonly protocol: Protocol;
  readonly permissions: Permissions;
  readonly log: Log;
  /** Told of each request that is let through. */
  readonly onAdmitted?: (request: AdmittedRequest) => void;
}

/**
 * Starts a guard in front of a service: lets a request pass when the policies of the function that sends it allow all it
 * asks for, and otherwise answers as AWS would. Requests are recognized by their signature's access key id, which is the
 * function's name here. What passes is not changed, nor are answers looked at: each connection of a function has one of
 * its own to the service.
 */
export async function startGuard(options: GuardOptions): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  const { hostname, port } = new URL(options.endpoint);
  const server = createServer((client) => {
    const service = connect({ host: hostname, port: Number(port), noDelay: true });
    client.setNoDelay(true);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // The other side ends with it, and whoever was waiting tries again.
      socket.once('error', () => socket.destroy());
    }
    client.once('close', () => service.destroy());
    service.once('close', () => client.end());
    new GuardedConnection(client, service, { ...options, guard: endpointOf(server.address()) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: endpointOf(server.address()),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const endpointOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): string =>
  `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

/** One connection, on which a request is sent when the one before has been answered (as Node.js does). */
class GuardedConnection {
  private received: Buffer = Buffer.alloc(0);
  /** Bytes of a body whose request was judged by its head, and where they go. */
  private rest = 0;
  private restPasses = false;
  private working = false;

  constructor(
    private readonly client: Socket,
    private readonly service: Socket,
    private readonly options: GuardOptions & { readonly guard: string },
  ) {
    service.pipe(client);
    client.on('data', (chunk: Buffer) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
      if (!this.working) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.working = true;
    try {
      while (await this.step());
    } catch (error) {
      if (!(error instanceof NotFramed)) this.options.log.error('a request could not be judged', error);
      this.client.destroy();
    } finally {
      this.working = false;
    }
  }

  /** @returns whether there may be more to do */
  private async step(): Promise<boolean> {
    if (this.rest > 0) return this.passRest();
    const head = requestHead(this.received);
    if (head === undefined) return false;
    const judgedBytes = head.headBytes + (this.options.protocol.inBody ? head.bodyBytes : 0);
    if (this.received.length < judgedBytes) return false;
    const request = this.take(judgedBytes);
    this.rest = head.headBytes + head.bodyBytes - judgedBytes;
    const refused = await this.refusalOf(head, request);
    this.restPasses = refused === undefined;
    if (refused === undefined) this.service.write(request);
    else this.client.write(refused);
    return this.received.length > 0;
  }

  private passRest(): boolean {
    const part = this.take(Math.min(this.rest, this.received.length));
    this.rest -= part.length;
    if (this.restPasses) this.service.write(part);
    return this.received.length > 0;
  }

  private take(bytes: number): Buffer {
    const taken = this.received.subarray(0, bytes);
    this.received = this.received.subarray(bytes);
    return taken;
  }

  private async refusalOf(head: RequestHead, request: Buffer): Promise<string | undefined> {
    const { protocol, permissions, onAdmitted, guard } = this.options;
    const name = callerOf(head);
    if (name === undefined || !permissions.knows(name)) return answerBytes(protocol.stranger());
    const grants: Grant[] = [];
    for (const access of protocol.accessesOf(head, request.subarray(head.headBytes))) {
      const { refusal, because } = await permissions.decide(name, access);
      if (refusal !== undefined) return answerBytes(protocol.refusal(refusal));
      grants.push(...because);
    }
    onAdmitted?.({ function: name, grants, endpoint: guard, bytes: request });
    return undefined;
  }
}

/** The access key id in a signature (IAM guide, "AWS Signature Version 4 for API requests"). */
const callerOf = ({ headers }: RequestHead): string | undefined =>
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\//.exec(headers.get('authorization') ?? '')?.[1];
