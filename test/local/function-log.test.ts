import { functionLog } from '../../local/function-log';

function aLog() {
  const told: unknown[][] = [];
  const line = functionLog('Monitor', {
    info: (...given) => told.push(['info', ...given]),
    error: (...given) => told.push(['error', ...given]),
  });
  return { told, line };
}

describe('what a function writes', () => {
  test('given an error, then it is shown as one, with its cause and its request', () => {
    const { told, line } = aLog();
    line(
      '{"level":"ERROR","message":"request failed","timestamp":"…","requestId":"r1","error":"Error: no","stack":"Error: no\\n at x"}',
    );
    expect(told).toEqual([
      [
        'error',
        'request failed',
        'Error: no\n at x',
        { level: 'ERROR', function: 'Monitor', requestId: 'r1' },
      ],
    ]);
  });

  test('given what it did, then that is there for whoever asks', () => {
    const { told, line } = aLog();
    line('{"level":"INFO","message":"committed","timestamp":"…","seq":4}');
    expect(told).toEqual([['info', 'committed', { function: 'Monitor', seq: 4 }]]);
  });

  test('given metrics, then they are not read as text', () => {
    const { told, line } = aLog();
    line('{"_aws":{"Timestamp":1},"Ticks":1}');
    expect(told).toEqual([]);
  });

  test.each(['plain text', '{ half a', '{"a":'])('given %s, then it is told as it is', (text) => {
    const { told, line } = aLog();
    line(text);
    expect(told).toEqual([['info', text, { function: 'Monitor' }]]);
  });
});
