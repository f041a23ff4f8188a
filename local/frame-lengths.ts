/**
 * Reads the payload length of each WebSocket frame that passes by (RFC 6455, section 5.2); the library that decodes the
 * messages tells only whole ones.
 */
export class FrameLengths {
  private header = Buffer.alloc(0);
  private payloadLeft = 0;

  /** @param onFrame told once per frame, as soon as its length is known */
  constructor(private readonly onFrame: (payloadBytes: number) => void) {}

  readonly pass = (chunk: Buffer): void => {
    let rest = chunk;
    while (rest.length > 0) {
      const skipped = Math.min(this.payloadLeft, rest.length);
      this.payloadLeft -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length > 0) rest = this.readHeader(rest);
    }
  };

  /** @returns what follows the header */
  private readHeader(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.header, chunk]);
    const frame = frameAt(bytes);
    if (frame === undefined) {
      this.header = bytes;
      return Buffer.alloc(0);
    }
    this.header = Buffer.alloc(0);
    this.payloadLeft = frame.payloadBytes;
    this.onFrame(frame.payloadBytes);
    return bytes.subarray(frame.headerBytes);
  }
}

interface Frame {
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** `undefined` while the header is incomplete. */
function frameAt(bytes: Buffer): Frame | undefined {
  const second = bytes[1];
  if (second === undefined) return undefined;
  const maskBytes = second & 0x80 ? 4 : 0;
  const short = second & 0x7f;
  const headerBytes = 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + maskBytes;
  if (bytes.length < headerBytes) return undefined;
  return { headerBytes, payloadBytes: payloadBytesOf(bytes, short) };
}

function payloadBytesOf(bytes: Buffer, short: number): number {
  if (short === 127) return Number(bytes.readBigUInt64BE(2));
  return short === 126 ? bytes.readUInt16BE(2) : short;
}
