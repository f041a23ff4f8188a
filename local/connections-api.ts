import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewaySocket } from './gateway-socket';
import { bodyOf, type LocalServer, listenOnLoopback } from './loopback';
import type { WebSocketGateway } from './websocket-gateway';

/** API Gateway guide, "Quotas for configuring and running a WebSocket API". */
const mostMessageBytes = 128 * 1_024;

/** Starts the API that functions reach sockets by: POST, GET and DELETE `/<stage>/@connections/<id>`. */
export const startConnectionsApi = (gateway: WebSocketGateway): Promise<LocalServer> =>
  listenOnLoopback(async (request, response) => {
    const id = connectionIdIn(request);
    if (id === undefined) return fault(response, 403, 'ForbiddenException', 'Forbidden');
    const socket = gateway.find(id);
    if (socket === undefined) return fault(response, 410, 'GoneException', '');
    switch (request.method) {
      case 'POST':
        return await post(request, response, socket);
      case 'GET':
        return send(response, 200, described(socket));
      case 'DELETE':
        socket.close(1_000, '');
        return send(response, 204);
      default:
        return fault(response, 403, 'ForbiddenException', 'Forbidden');
    }
  });

function connectionIdIn({ url = '' }: IncomingMessage): string | undefined {
  const [, id] = /^\/(?:[^/]+\/)?(?:@|%40)connections\/([^/?]+)/.exec(url) ?? [];
  return id === undefined ? undefined : decodeURIComponent(id);
}

async function post(
  request: IncomingMessage,
  response: ServerResponse,
  socket: GatewaySocket,
): Promise<void> {
  const body = await bodyOf(request, mostMessageBytes);
  if (body === undefined) {
    return fault(response, 413, 'PayloadTooLargeException', `At most ${mostMessageBytes} bytes.`);
  }
  if (await socket.send(body.toString('utf8'))) send(response, 200);
  else fault(response, 410, 'GoneException', '');
}

const described = ({ identity, lastActiveAtMs }: GatewaySocket): object => ({
  connectedAt: new Date(identity.connectedAtMs).toISOString(),
  identity: { sourceIp: identity.sourceIp, userAgent: identity.userAgent },
  lastActiveAt: new Date(lastActiveAtMs).toISOString(),
});

function fault(response: ServerResponse, status: number, name: string, message: string): void {
  response.setHeader('x-amzn-errortype', name);
  send(response, status, { message });
}

function send(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
