import { ChunksRefused, unchunked } from '../../local/aws-chunked';

const textOf = (framed: string) => {
  const { content, trailers } = unchunked(Buffer.from(framed, 'latin1'));
  return { text: content.toString('latin1'), trailers };
};

test.each([
  ['one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['several chunks', '6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n', 'hello world'],
  ['signed chunks', '5;chunk-signature=ad80\r\nhello\r\n0;chunk-signature=b6c6\r\n\r\n', 'hello'],
  ['line ends inside a chunk', '4\r\n\r\n0\r\r\n0\r\n\r\n', '\r\n0\r'],
  ['a size in hexadecimal', `1A\r\n${'x'.repeat(26)}\r\n0\r\n\r\n`, 'x'.repeat(26)],
  ['no content', '0\r\n\r\n', ''],
])('given a body of %s, then its content is without the framing', (_, framed, text) => {
  expect(textOf(framed)).toEqual({ text, trailers: {} });
});

test('given trailers, then they are told beside the content', () => {
  expect(textOf('5\r\nhello\r\n0\r\nX-Amz-Checksum-Crc32:DUoRhQ==\r\nx-other: a:b\r\n\r\n')).toEqual({
    text: 'hello',
    trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==', 'x-other': 'a:b' },
  });
});

test.each([
  '',
  'hello',
  'zz\r\nhello\r\n',
  '5\r\nhel',
  '5\r\nhello!\r\n0\r\n\r\n',
  '5\r\nhello\r\n',
  '-1\r\n\r\n',
])('given the body %j, then it is refused', (framed) => {
  expect(() => textOf(framed)).toThrow(ChunksRefused);
});
