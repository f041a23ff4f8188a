import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { FrameLengths } from './frame-lengths';
import type { SocketEnd, SocketIdentity } from './websocket-event';

export interface GatewaySocketOptions {
  readonly now: () => number;
  readonly idleMs: number;
  readonly lifeMs: number;
  readonly onMessage: (text: string) => void;
  readonly onEnd: (end: SocketEnd) => void;
}

/** API Gateway guide, "Quotas for configuring and running a WebSocket API": 32 KB a frame, both ways. */
const mostFrameBytes = 32 * 1_024;
const goingAway = 1_001;
/** API Gateway guide, "Binary media types for WebSocket APIs": a binary frame is rejected and ends its socket. */
const unsupportedData = 1_003;
const messageTooBig = 1_009;
/** A client that does not answer a close is cut off, so that its `$disconnect` is not held back. */
const closeTimeoutMs = 2_000;

/** One open socket with the limits that API Gateway sets it. */
export class GatewaySocket {
  private lastActiveMs: number;
  private idle: NodeJS.Timeout;
  private readonly life: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    raw: Duplex,
    readonly identity: SocketIdentity,
    private readonly options: GatewaySocketOptions,
  ) {
    this.lastActiveMs = options.now();
    this.idle = this.idleTimer();
    this.life = this.closingAfter(options.lifeMs, 'Connection duration limit exceeded');
    const frames = new FrameLengths((bytes) => {
      if (bytes > mostFrameBytes) this.close(messageTooBig, 'Frame too large');
    });
    // Before the library, which would hand over a message whose frame is too long.
    raw.prependListener('data', frames.pass);
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.close(unsupportedData, 'Binary frames are not supported');
      else this.receive(data.toString());
    });
    // A message that is too big or no WebSocket at all ends the socket; the library closes it with the right code.
    socket.on('error', () => {});
    socket.on('close', (code, reason) => this.ended({ code, reason: reason.toString() }));
  }

  /** What `@connections` tells of it. */
  get lastActiveAtMs(): number {
    return this.lastActiveMs;
  }

  /** @returns whether the socket took it */
  async send(text: string): Promise<boolean> {
    this.active();
    const bytes = Buffer.from(text);
    for (let start = 0; start === 0 || start < bytes.length; start += mostFrameBytes) {
      const frame = bytes.subarray(start, start + mostFrameBytes);
      if (!(await this.sendFrame(frame, start + mostFrameBytes >= bytes.length))) return false;
    }
    return true;
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), closeTimeoutMs).unref();
  }

  terminate(): void {
    this.socket.terminate();
  }

  private sendFrame(frame: Buffer, fin: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      this.socket.send(frame, { binary: false, fin }, (error) => resolve(!error));
    });
  }

  private receive(text: string): void {
    this.active();
    if (this.socket.readyState === this.socket.OPEN) this.options.onMessage(text);
  }

  private active(): void {
    this.lastActiveMs = this.options.now();
    clearTimeout(this.idle);
    this.idle = this.idleTimer();
  }

  private idleTimer(): NodeJS.Timeout {
    return this.closingAfter(this.options.idleMs, 'Going away');
  }

  private closingAfter(ms: number, reason: string): NodeJS.Timeout {
    return setTimeout(() => this.close(goingAway, reason), ms).unref();
  }

  private ended(end: SocketEnd): void {
    clearTimeout(this.idle);
    clearTimeout(this.life);
    this.options.onEnd(end);
  }
}
