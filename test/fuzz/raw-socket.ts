import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { TooLate, within } from '../support/waiting';

const answerTimeoutMs = 5_000;
const closeOpcode = 8;

/** Lines of a handshake that are said otherwise; undefined leaves one out. */
export type HandshakeWords = Readonly<Record<string, string | undefined>>;

/** A socket of the live feed without any library: whatever is sent is sent. */
export class RawSocket {
  private heard = Buffer.alloc(0);
  private readonly closed: Promise<unknown>;

  private constructor(
    private readonly socket: Socket,
    private readonly port: number,
  ) {
    socket.on('data', (chunk) => {
      this.heard = Buffer.concat([this.heard, chunk]);
    });
    // Being cut off is an answer here.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  /** Shakes hands. @returns the status of the answer, 0 for none, and the socket */
  static async open(
    port: number,
    ticket: string,
    words: HandshakeWords = {},
    target = '/live',
  ): Promise<{ readonly status: number; readonly socket: RawSocket }> {
    const raw = new RawSocket(connect(port, '127.0.0.1'), port);
    raw.socket.write(raw.handshake(ticket, words, target));
    return { status: await raw.answer(), socket: raw };
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /**
   * Waits until the server ends it.
   * @returns the code of its close frame, 0 without one, undefined while it stays open
   */
  async closeCode(ms: number): Promise<number | undefined> {
    const told = new Promise<void>((resolve) => {
      const look = (): void => {
        if (closeCodeIn(this.heard) !== undefined) resolve();
      };
      this.socket.on('data', look);
      look();
    });
    try {
      await within(ms, 'the end of the socket', Promise.race([told, this.closed]));
    } catch (error) {
      if (!(error instanceof TooLate)) throw error;
      return undefined;
    }
    return closeCodeIn(this.heard) ?? 0;
  }

  /** Everything that came after the handshake. */
  get text(): string {
    return this.heard.toString('utf8');
  }

  /** Hangs up as a machine that loses its power does. */
  cut(): void {
    this.socket.resetAndDestroy();
  }

  private handshake(ticket: string, words: HandshakeWords, target: string): string {
    const lines: HandshakeWords = {
      Host: `localhost:${this.port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Protocol': `rollcall.v1, ticket.${ticket}`,
      ...words,
    };
    const said = Object.entries(lines).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}: ${value}\r\n`,
    );
    return `GET ${target} HTTP/1.1\r\n${said.join('')}\r\n`;
  }

  private async answer(): Promise<number> {
    const answered = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.heard.includes('\r\n\r\n')) resolve();
      };
      this.socket.on('data', look);
      void this.closed.then(() => resolve());
    });
    await within(answerTimeoutMs, 'an answer to the handshake', answered);
    const end = this.heard.indexOf('\r\n\r\n');
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(this.heard.toString('latin1', 0, Math.max(end, 0))) ?? [];
    this.heard = this.heard.subarray(end + 4);
    return Number(status ?? 0);
  }
}

/** Walks over the server's frames, which have no mask. */
function closeCodeIn(bytes: Buffer): number | undefined {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const short = bytes[at + 1] ?? 0;
    const header = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (at + header > bytes.length) return undefined;
    const length =
      short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : short;
    if (opcode === closeOpcode) return length >= 2 ? bytes.readUInt16BE(at + header) : 0;
    at += header + length;
  }
  return undefined;
}
