import { Meter } from '../../bench/metering/meter';
import { bodyOf, type LocalServer, listenOnLoopback } from '../../local/loopback';
import { Metering } from '../../local/metering';
import { startMeteringProxy } from '../../local/metering-proxy';

/** A service that answers what it is told to, and keeps what it was asked. */
async function aService(status: number, body: object) {
  const asked: { readonly body: string; readonly target: string | undefined }[] = [];
  const server = await listenOnLoopback(async (request, response) => {
    const text = ((await bodyOf(request, 1_000_000)) ?? '').toString();
    asked.push({ body: text, target: request.headers['x-amz-target']?.toString() });
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  return { server, asked };
}

const post = (endpoint: string, target: string, body: object) =>
  fetch(endpoint, { method: 'POST', headers: { 'x-amz-target': target }, body: JSON.stringify(body) });

describe('a meter before a service', () => {
  const open: LocalServer[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });

  async function meterBefore(service: 'dynamodb' | 'connections' | 'kinesis', status: number, body: object) {
    const { server, asked } = await aService(status, body);
    const meter = new Meter();
    const proxy = await startMeteringProxy(service, server.endpoint, meter);
    open.push(proxy, server);
    return { endpoint: proxy.endpoint, asked, meter };
  }

  test('asks DynamoDB what a call consumed, and counts that', async () => {
    const answer = { ConsumedCapacity: { TableName: 'RollcallDataSessions4F3F6BBB', CapacityUnits: 2 } };
    const { endpoint, asked, meter } = await meterBefore('dynamodb', 200, answer);
    const response = await post(endpoint, 'DynamoDB_20120810.PutItem', { TableName: 't', Item: {} });
    expect(await response.json()).toEqual(answer);
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
      TableName: 't',
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(meter.read().total('dynamoWriteUnits', 'Sessions PutItem')).toBe(2);
  });

  test('counts a refused write as well, and hands on the refusal', async () => {
    const { endpoint, meter } = await meterBefore('dynamodb', 400, {
      __type: 'ConditionalCheckFailedException',
    });
    const response = await post(endpoint, 'DynamoDB_20120810.UpdateItem', { TableName: 'ttt' });
    expect(response.status).toBe(400);
    expect(meter.read().total('dynamoWriteUnits')).toBe(1);
  });

  test('leaves calls that are not billed as they are', async () => {
    const { endpoint, asked, meter } = await meterBefore('dynamodb', 200, {});
    await post(endpoint, 'DynamoDB_20120810.ListTables', {});
    expect(asked[0]?.body).toBe('{}');
    expect(meter.read().lines).toEqual([]);
  });

  test('counts the records that a stream took, and those alone', async () => {
    const records = [1, 2].map(() => ({ Data: 'eA==', PartitionKey: 'k' }));
    const results = { Records: [{ SequenceNumber: '1' }, { ErrorCode: 'InternalFailure' }] };
    const { endpoint, meter } = await meterBefore('kinesis', 200, results);
    await post(endpoint, 'Kinesis_20131202.PutRecords', { Records: records });
    expect(meter.read().total('kinesisPutUnits')).toBe(1);
  });

  test('counts messages to sockets that arrived', async () => {
    const { endpoint, meter } = await meterBefore('connections', 410, {});
    await post(`${endpoint}/live/@connections/c1`, '', { type: 'tick' });
    expect(meter.read().total('webSocketMessages')).toBe(0);
  });
});

describe('GET /dev/meter', () => {
  test('tells what was counted, in dollars so far and for a month, and begins anew when asked', async () => {
    let nowMs = 1_000_000;
    const metering = new Metering(() => nowMs);
    const invoke = metering.invoking({ name: 'endpoint', memoryMb: 256 }, async () => ({
      kind: 'returned',
      value: { body: 'x' },
    }));
    metering.standsFor({ shards: 2, streamMode: 'provisioned', sockets: () => 3 });
    await metering.answering('Answers to beats', invoke)({});
    nowMs += 3_600_000;
    expect(metering.read()).toMatchObject({
      seconds: 3_600,
      lines: expect.arrayContaining([
        expect.objectContaining({ unit: 'lambdaRequests', what: 'endpoint', amount: 1 }),
        expect.objectContaining({ unit: 'kinesisShardHours', amount: 2, dollars: 0.03 }),
        expect.objectContaining({ unit: 'webSocketMinutes', amount: 180 }),
        expect.objectContaining({ unit: 'egressBytes', amount: 301 }),
      ]),
    });
    expect(metering.reset()).toMatchObject({ dollars: 0, lines: [] });
    await metering.close();
  });
});
