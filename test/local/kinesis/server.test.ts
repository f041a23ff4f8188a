import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamConsumersCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-kinesis';
import { KinesisScene, mebibytes, type Protocol, recordOf, shardOne } from './kinesis-scene';

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/beats';

let scene: KinesisScene;
afterEach(() => scene.close());

describe.each<Protocol>(['HTTP/1.1', 'HTTP/2 without TLS'])('given a client that speaks %s', (protocol) => {
  beforeEach(async () => {
    scene = await KinesisScene.with({ protocol });
  });

  test('when a record is put, then it can be read', async () => {
    await scene.put('hello');

    expect(await scene.texts()).toEqual(['hello']);
  });

  test('when many calls are under way at once, then each gets its own answer', async () => {
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
    await Promise.all(texts.map((text) => scene.put(text)));

    expect(new Set(await scene.texts())).toEqual(new Set(texts));
  });

  test('when a call has 5 MiB, then it comes through whole', async () => {
    const entries = Array.from({ length: 5 }, () => recordOf(mebibytes(1)));

    expect(await scene.putAll(entries)).toMatchObject({ FailedRecordCount: 0 });
  });

  test('when an operation refuses, then the client tells the fault by its name', async () => {
    const elsewhere = new DescribeStreamSummaryCommand({ StreamName: 'elsewhere' });

    await expect(scene.client.send(elsewhere)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Stream elsewhere not found.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('when the server is closed while clients are connected, then it ends at once', async () => {
    await scene.put('hello');

    await scene.close();

    await expect(scene.put('lost')).rejects.toThrow();
  });
});

describe('given a client as the SDK makes it', () => {
  test('when nothing is said about HTTP, then it is understood', async () => {
    scene = await KinesisScene.with();
    const client = new KinesisClient({
      endpoint: scene.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });

    const { Shards } = await client.send(new ListShardsCommand({ StreamName: 'beats' }));
    client.destroy();

    expect(Shards).toHaveLength(1);
  });
});

describe('given connections that break off', () => {
  beforeEach(async () => {
    scene = await KinesisScene.with();
  });
  const portOf = (): number => Number(new URL(scene.endpoint).port);

  test('when one ends in the midst of a request, then others are served on', async () => {
    const request = 'POST / HTTP/1.1\r\nhost: kinesis\r\ncontent-length: 100\r\n\r\n{';
    const socket = connect(portOf(), '127.0.0.1');
    await new Promise<void>((resolve) => socket.write(request, () => resolve()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resetAndDestroy();
    await closed;

    await scene.put('hello');
    expect(await scene.texts()).toEqual(['hello']);
  });

  test('when an HTTP/2 stream is cancelled in the midst of a request, then others are served on', async () => {
    const session = connectHttp2(scene.endpoint);
    const stream = session.request({ ':method': 'POST', 'content-length': '100' });
    stream.on('error', () => undefined);
    await new Promise<void>((resolve) => stream.write('{', () => resolve()));
    const closed = new Promise((resolve) => session.once('close', resolve));
    stream.close(8);
    session.destroy();
    await closed;

    await scene.put('hello');
    expect(await scene.texts()).toEqual(['hello']);
  });
});

describe('given a stream of two shards', () => {
  beforeEach(async () => {
    scene = await KinesisScene.with({ shards: 2 });
  });

  test('when it is described, then it is active, with both shards', async () => {
    const { StreamDescription } = await scene.client.send(new DescribeStreamCommand({ StreamName: 'beats' }));

    expect(StreamDescription).toMatchObject({
      StreamName: 'beats',
      StreamARN: streamArn,
      StreamStatus: 'ACTIVE',
      HasMoreShards: false,
      Shards: [{ ShardId: shardOne }, { ShardId: 'shardId-000000000001' }],
    });
  });

  test('when it is asked for by its ARN, then it is found as by its name', async () => {
    const { StreamDescriptionSummary } = await scene.client.send(
      new DescribeStreamSummaryCommand({ StreamARN: streamArn }),
    );

    expect(StreamDescriptionSummary).toMatchObject({ StreamName: 'beats', OpenShardCount: 2 });
  });

  test('when its shards are listed, then they divide all hash keys evenly', async () => {
    const ranges = (await scene.shards()).map(({ HashKeyRange }) => HashKeyRange);

    expect(ranges).toEqual([
      { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) },
      { StartingHashKey: String(2n ** 127n), EndingHashKey: String(2n ** 128n - 1n) },
    ]);
  });

  test('when one of its name is created, then the name is in use', async () => {
    const again = new CreateStreamCommand({ StreamName: 'beats', ShardCount: 1 });

    await expect(scene.client.send(again)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  test('when it is deleted, then it is gone', async () => {
    await scene.client.send(new DeleteStreamCommand({ StreamName: 'beats' }));

    await expect(scene.put('lost')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each([
    ['a name that would lead out of the directory', { StreamName: '../beats', ShardCount: 1 }],
    ['the name of a parent directory', { StreamName: '..', ShardCount: 1 }],
    ['no shards', { StreamName: 'others', ShardCount: 0 }],
  ])('when a stream with %s is created, then it is refused', async (_, input) => {
    await expect(scene.client.send(new CreateStreamCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('when the streams are listed, then their names tell what to look into', async () => {
    await expect(scene.client.send(new ListStreamsCommand({}))).resolves.toMatchObject({
      StreamNames: ['beats'],
      HasMoreStreams: false,
    });
  });

  test('when an operation is called that is not served here, then that is said', async () => {
    await expect(
      scene.client.send(new ListStreamConsumersCommand({ StreamARN: streamArn })),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
