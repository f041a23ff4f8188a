import { Agent, request } from 'node:http';
import { startAwsJson } from '../../local/aws-json';
import { startGuard } from '../../local/permissions/guard';
import { Permissions } from '../../local/permissions/permissions';
import { kinesisProtocol } from '../../local/permissions/protocols';
import { MemoryLog } from '../local/memory-log';

const target = 'Kinesis_20131202.PutRecords';
const calls = 5_000;
const rounds = 5;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const body = JSON.stringify({
  StreamName: 'Beats',
  Records: [{ Data: 'x'.repeat(300), PartitionKey: 'p' }],
});
const headers = {
  'x-amz-target': target,
  'content-type': 'application/x-amz-json-1.1',
  'content-length': body.length,
  authorization: 'AWS4-HMAC-SHA256 Credential=fn/20260101/us-east-1/kinesis/aws4_request, Signature=0',
};

const post = (endpoint: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request(endpoint, { agent, method: 'POST', headers }, (response) => {
      response.resume().once('end', resolve);
    });
    sent.once('error', reject).end(body);
  });

/** Processor time of a call, microseconds, with client and service in this process. */
async function costOf(endpoint: string): Promise<number> {
  const before = process.cpuUsage();
  let left = calls;
  const worker = async () => {
    while (left-- > 0) await post(endpoint);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

test('given a call of a service, then judging it costs less than the call itself', async () => {
  const service = await startAwsJson({ [target]: async () => ({ FailedRecordCount: 0 }) });
  const log = new MemoryLog();
  const resource = 'arn:aws:kinesis:us-east-1:000000000000:stream/Beats';
  const permissions = new Permissions(
    [{ name: 'fn', role: 'fnRole', grants: [{ effect: 'Allow', action: 'kinesis:PutRecords', resource }] }],
    log,
  );
  const protocol = kinesisProtocol();
  const guard = await startGuard({ endpoint: service.endpoint, protocol, permissions, log });
  let best = { direct: Number.POSITIVE_INFINITY, guarded: Number.POSITIVE_INFINITY };

  for (let round = 0; round < rounds; round += 1) {
    best = {
      direct: Math.min(best.direct, await costOf(service.endpoint)),
      guarded: Math.min(best.guarded, await costOf(guard.endpoint)),
    };
  }

  agent.destroy();
  await Promise.all([guard.close(), service.close()]);
  console.log(`µs of processor time per call: ${JSON.stringify(best)}`);
  expect(best.guarded - best.direct).toBeLessThan(best.direct);
});
