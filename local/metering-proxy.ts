import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Meter } from '../bench/metering/meter';
import { chargeCall, consumedCapacity, consumes, type Service } from '../bench/metering/wire';
import { bodyOf, type LocalServer, listenOnLoopback } from './loopback';

/** More than any service's own limit, so that the service gets to say what its limit is. */
const bodyBytes = 128 * 1_024 * 1_024;

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Stands before an emulated service and counts what AWS would bill of each call. The functions run unchanged, and so do the
 * services: what goes by is handed on as it is, but for DynamoDB, which is asked to say what it consumed.
 */
export async function startMeteringProxy(
  service: Service,
  endpoint: string,
  meter: Meter,
): Promise<LocalServer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const server = await listenOnLoopback(async (request, response) => {
    const body = (await bodyOf(request, bodyBytes)) ?? Buffer.alloc(0);
    const call = callOf(service, request, body);
    const answered = await handOn(endpoint, request, call.asking ?? body, agent);
    charge(meter, service, call, answered);
    const { 'transfer-encoding': _, ...headers } = answered.headers;
    response.writeHead(answered.status, { ...headers, 'content-length': answered.body.length });
    response.end(request.method === 'HEAD' ? undefined : answered.body);
  });
  return {
    endpoint: server.endpoint,
    close: async () => {
      await server.close();
      agent.destroy();
    },
  };
}

interface Call {
  readonly operation: string;
  readonly input: unknown;
  /** The body that also asks what the call consumed. */
  readonly asking?: Buffer;
}

function callOf(service: Service, request: IncomingMessage, body: Buffer): Call {
  const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
  switch (service) {
    case 's3':
      return { operation: request.method === 'GET' ? 'GetObject' : 'PutObject', input: {} };
    case 'connections':
      return {
        operation: request.method === 'POST' ? 'PostToConnection' : 'DeleteConnection',
        input: { Data: body },
      };
    case 'dynamodb':
      return target !== undefined && consumes(target)
        ? askingCall(target, body)
        : { operation: '', input: {} };
    default:
      return { operation: target ?? '', input: jsonIn(body) };
  }
}

function askingCall(operation: string, body: Buffer): Call {
  const input = jsonIn(body);
  if (typeof input !== 'object' || input === null) return { operation, input };
  return { operation, input, asking: Buffer.from(JSON.stringify({ ...input, ...consumedCapacity })) };
}

function charge(
  meter: Meter,
  service: Service,
  { operation, input }: Call,
  { status, body }: Answered,
): void {
  if (operation === '') return;
  const taken = status < 300 ? { output: jsonIn(body) ?? {} } : {};
  chargeCall(meter, { service, operation, input, ...taken });
}

/** Whatever is no JSON, the service has answered for itself. */
function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function handOn(endpoint: string, request: IncomingMessage, body: Buffer, agent: Agent): Promise<Answered> {
  const { connection: _, 'transfer-encoding': __, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const handed = httpRequest(
      new URL(request.url ?? '/', endpoint),
      { method: request.method, agent, headers: { ...headers, 'content-length': body.length } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    handed.once('error', reject);
    handed.end(body);
  });
}
