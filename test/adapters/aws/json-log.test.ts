import type { Context } from 'aws-lambda';
import { identified, jsonLog } from '../../../adapters/aws/json-log';
import { TryAgainLater } from '../../../core/errors';
import { writtenBy } from '../../support/written';

const context = { awsRequestId: 'request-1', functionName: 'f', memoryLimitInMB: '128' } as Context;
const during = (work: () => void) => writtenBy(() => identified(async () => work())({}, context));

describe('a line of the log', () => {
  test('is one JSON object with level, message, time, fields and the id of the request', async () => {
    const [line] = await during(() => jsonLog.info('committed', { region: 'north', seq: 4 }));
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'committed',
      requestId: 'request-1',
      region: 'north',
      seq: 4,
    });
    expect(Date.parse(String(line?.timestamp))).not.toBeNaN();
  });

  test('of an error says what it was and where', async () => {
    const error = new TryAgainLater('throttled', { actual: 3 });
    const [line] = await during(() => jsonLog.error('request failed', error, { region: 'north' }));
    expect(line).toMatchObject({
      level: 'ERROR',
      message: 'request failed',
      error: 'TryAgainLater: throttled',
      details: { actual: 3 },
      region: 'north',
    });
    expect(line?.stack).toContain('json-log.test');
  });

  test('AC1 holds nothing of an error but what is named: an SDK error carries the request, tokens and body', async () => {
    const error = Object.assign(new Error('Service Unavailable'), {
      $response: { headers: { authorization: 'Bearer secret' }, body: 'a body' },
      cause: new Error('Bearer secret'),
    });
    const lines = await during(() => jsonLog.error('a call failed', error));
    expect(JSON.stringify(lines)).not.toMatch(/secret|a body/);
  });
});
