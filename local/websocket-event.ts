import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { commonLogTime } from './http-event';

/** A socket as events tell of it. */
export interface SocketIdentity {
  readonly connectionId: string;
  readonly connectedAtMs: number;
  readonly stage: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly domainName: string;
}

/** How a socket came to its end. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

/** Events of a WebSocket API as functions get them; only messages have a body, only the beginning and the end headers. */
interface Event extends Omit<Partial<APIGatewayProxyWebsocketEventV2>, 'requestContext'> {
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly queryStringParameters?: Record<string, string>;
  readonly requestContext: Omit<APIGatewayProxyWebsocketEventV2['requestContext'], 'messageId'> & {
    readonly messageId?: string;
    readonly disconnectStatusCode?: number;
    readonly disconnectReason?: string;
    readonly identity: { readonly sourceIp: string; readonly userAgent?: string };
  };
}

export function connectEvent(request: IncomingMessage, socket: SocketIdentity, nowMs: number): Event {
  const values = headerValues(request.rawHeaders);
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const query = Object.fromEntries(searchParams);
  return {
    headers: Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1) ?? ''])),
    multiValueHeaders: Object.fromEntries(values),
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: context('$connect', 'CONNECT', socket, nowMs),
    isBase64Encoded: false,
  };
}

export function messageEvent(body: string, routeKey: string, socket: SocketIdentity, nowMs: number): Event {
  const messageId = randomUUID();
  return {
    requestContext: { ...context(routeKey, 'MESSAGE', socket, nowMs), messageId },
    body,
    isBase64Encoded: false,
  };
}

export function disconnectEvent(socket: SocketIdentity, { code, reason }: SocketEnd, nowMs: number): Event {
  const headers = { Host: socket.domainName, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: {
      ...context('$disconnect', 'DISCONNECT', socket, nowMs),
      disconnectStatusCode: code,
      disconnectReason: reason,
    },
    isBase64Encoded: false,
  };
}

function context(
  routeKey: string,
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
  { connectionId, connectedAtMs, stage, sourceIp, userAgent, domainName }: SocketIdentity,
  nowMs: number,
) {
  const requestId = randomUUID();
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: commonLogTime(nowMs),
    messageDirection: 'IN' as const,
    stage,
    connectedAt: connectedAtMs,
    requestTimeEpoch: nowMs,
    identity: { sourceIp, userAgent },
    requestId,
    domainName,
    connectionId,
    apiId: 'local',
  };
}

/** By name as it was sent: API Gateway leaves the case of WebSocket headers alone. */
function headerValues(rawHeaders: readonly string[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}
