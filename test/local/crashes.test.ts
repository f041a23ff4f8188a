import { FieldRefused } from '../../core/shape';
import { functionOf, readCrash } from '../../local/crashes';
import type { Deployment } from '../../local/deployment';

const deployment = {
  heartbeats: { functionName: 'endpoint' },
  mapping: { functionName: 'monitor' },
  schedule: { functionName: 'sessions' },
  feed: { routes: new Map([['$connect', 'feed']]) },
  api: { routes: new Map([['GET /v1/regions', 'api']]) },
} as unknown as Deployment;

test.each([
  ['heartbeat-endpoint', 'endpoint'],
  ['heartbeat-monitor', 'monitor'],
  ['session-monitor', 'sessions'],
  ['live-feed', 'feed'],
  ['status-api', 'api'],
])('a crash of %s is that of its function', (stage, name) => {
  expect(functionOf(readCrash({ stage }, '').stage, deployment)).toBe(name);
});

test.each([{}, { stage: 'everything' }, { stage: 7 }, { stage: 'live-feed', hard: true }, null])(
  'a crash of %j is refused',
  (request) => {
    expect(() => readCrash(request, '')).toThrow(FieldRefused);
  },
);
