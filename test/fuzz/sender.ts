import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { within } from '../support/waiting';
import type { Shot } from './shot';

/** An answer as it came, whatever it is. */
export interface NetAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

const timeoutMs = 20_000;

/** Sends requests as they are: no client's help with headers, methods or what is no URL. */
export class Sender {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly port: number) {}

  async send(shot: Pick<Shot, 'method' | 'target' | 'headers' | 'body'>): Promise<NetAnswer> {
    return await within(timeoutMs, `an answer to ${shot.method} ${shot.target}`, this.sendNow(shot));
  }

  /** Bytes that may be no request at all. @returns all that came until the server closed, or `untilMs` were over */
  async sendBytes(bytes: string, untilMs: number): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    // A server that hangs up on nonsense is right.
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(bytes, 'latin1');
    const timer = setTimeout(() => socket.destroy(), untilMs);
    await closed;
    clearTimeout(timer);
    return heard;
  }

  close(): void {
    this.agent.destroy();
  }

  private async sendNow({
    method,
    target,
    headers,
    body,
  }: Parameters<Sender['send']>[0]): Promise<NetAnswer> {
    const sent = request({
      host: '127.0.0.1',
      port: this.port,
      agent: this.agent,
      method,
      path: target,
      headers: headers as Record<string, string | string[]>,
    });
    if (body !== undefined) sent.setHeader('content-length', body.length);
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.end(body);
    const [response] = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      status: response.statusCode ?? 0,
      headers: new Map(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
      text: Buffer.concat(chunks).toString('utf8'),
    };
  }
}
