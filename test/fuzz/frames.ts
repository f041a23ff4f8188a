/** A frame of a client, by RFC 6455, section 5.2, with whatever is wrong about it. */
export interface FrameWords {
  readonly opcode: number;
  readonly payload?: Buffer;
  readonly fin?: boolean;
  /** The three reserved bits. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Told instead of the true length. */
  readonly told?: bigint;
}

const mask = Buffer.from([1, 2, 3, 4]);
const longest = 65_536;

export function frame({
  opcode,
  payload = Buffer.alloc(0),
  fin = true,
  reserved = 0,
  masked = true,
  told,
}: FrameWords): Buffer {
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const body = masked ? payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)) : payload;
  return Buffer.concat([
    Buffer.from([first]),
    lengthOf(told ?? BigInt(payload.length), masked ? 0x80 : 0),
    ...(masked ? [mask] : []),
    body,
  ]);
}

function lengthOf(length: bigint, maskBit: number): Buffer {
  if (length < 126n) return Buffer.from([maskBit | Number(length)]);
  if (length < BigInt(longest)) {
    const short = Buffer.from([maskBit | 126, 0, 0]);
    short.writeUInt16BE(Number(length), 1);
    return short;
  }
  const long = Buffer.alloc(9);
  long[0] = maskBit | 127;
  long.writeBigUInt64BE(length, 1);
  return long;
}

const text = 1;
const ping = Buffer.from('{"action":"ping"}');
const kb = 1_024;

/** What a socket may send that ends it; 0 stands for a server that simply hangs up. */
export const endingFrames: Readonly<
  Record<string, readonly [frames: readonly Buffer[], codes: readonly number[]]>
> = {
  'a frame of 129 KB': [[frame({ opcode: text, payload: Buffer.alloc(129 * kb, 'x') })], [1009]],
  'a frame of 33 KB': [[frame({ opcode: text, payload: Buffer.alloc(33 * kb, ' ') })], [1009]],
  'a message of 160 KB in frames of 32 KB': [
    [
      frame({ opcode: text, fin: false, payload: Buffer.alloc(32 * kb, ' ') }),
      ...Array.from({ length: 4 }, (_, index) =>
        frame({ opcode: 0, fin: index === 3, payload: Buffer.alloc(32 * kb, ' ') }),
      ),
    ],
    [1009],
  ],
  'a frame that claims 2^62 bytes': [[frame({ opcode: text, told: 2n ** 62n })], [1009]],
  'a binary frame': [[frame({ opcode: 2, payload: ping })], [1003]],
  'text that is no UTF-8': [[frame({ opcode: text, payload: Buffer.from([0xff, 0xfe, 0xc0]) })], [1007]],
  'a frame without a mask': [[frame({ opcode: text, payload: ping, masked: false })], [1002]],
  'reserved bits': [[frame({ opcode: text, payload: ping, reserved: 7 })], [1002]],
  'a reserved opcode': [[frame({ opcode: 3, payload: ping })], [1002]],
  'a continuation of nothing': [[frame({ opcode: 0, payload: ping })], [1002]],
  'a message within another': [
    [frame({ opcode: text, fin: false, payload: ping }), frame({ opcode: text, payload: ping })],
    [1002],
  ],
  'a long ping': [[frame({ opcode: 9, payload: Buffer.alloc(126) })], [1002]],
  'a ping in parts': [[frame({ opcode: 9, fin: false })], [1002]],
  'a close with a code of nobody': [[frame({ opcode: 8, payload: Buffer.from([0x03, 0xed]) })], [1002]],
  'a close of one byte': [[frame({ opcode: 8, payload: Buffer.from([3]) })], [1002]],
  'no frames at all': [[Buffer.from('GET / HTTP/1.1\r\n\r\n')], [1002]],
};

/** What a socket may send and stay open; a frame that is cut off is cut off with its socket. */
export const harmlessFrames: Readonly<Record<string, readonly Buffer[]>> = {
  'a ping in frames of one byte': [...ping].map((byte, index) =>
    frame({ opcode: index === 0 ? text : 0, fin: index === ping.length - 1, payload: Buffer.from([byte]) }),
  ),
  'a frame of bytes one by one': [...frame({ opcode: text, payload: ping })].map((byte) =>
    Buffer.from([byte]),
  ),
  'an empty message': [frame({ opcode: text })],
  'a pong that nobody asked for': [frame({ opcode: 10, payload: Buffer.alloc(125) })],
  'half a frame': [frame({ opcode: text, payload: ping }).subarray(0, 9)],
  'half a message': [frame({ opcode: text, fin: false, payload: ping })],
};
