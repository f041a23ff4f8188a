import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, readDeployment } from '../../local/deployment';
import { synthesize } from '../../local/synth';
import { LocalTemplate, TemplateNotUnderstood } from '../../local/template';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-deployment-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Logical ids end in a hash that CDK makes of the path; what matters is what comes before. */
const withoutHash = (id: unknown): string => String(id).replace(/[0-9A-F]{8}$/i, '');

describe('given the stack, synthesized as `npm start` does', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    const settings = { shards: 2, allowedOrigins: ['https://desk.example'] };
    await synthesize(directory, settings, new AbortController().signal);
    deployment = readDeployment(new LocalTemplate(join(directory, 'cdk.out'), 'Rollcall'));
  });

  const functionNamed = (name: string) =>
    deployment.functions.find((deployed) => withoutHash(deployed.name) === `Rollcall${name}Function`);
  const nameOf = (name: string) => functionNamed(name)?.name;
  const tableNamed = (name: string) =>
    deployment.tables.find(({ definition }) => withoutHash(definition.TableName) === `RollcallData${name}`);

  test.each([
    ['Sessions', ['bucket', 'session'], 'ttl'],
    ['Facilities', ['region', 'facility'], undefined],
    ['Presence', ['facility', 'item'], 'ttl'],
    ['Regions', ['region', 'item'], undefined],
    ['Changes', ['region', 'seq'], 'ttl'],
    ['Transitions', ['facility', 'at'], 'ttl'],
    ['Connections', ['topic', 'connectionId'], 'ttl'],
    ['Watermarks', ['source'], 'ttl'],
  ])('then the table %s has the keys %p, and rows expire by %p', (name, keys, ttlAttribute) => {
    const table = tableNamed(name);

    expect(table?.definition.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(keys);
    expect(table?.ttlAttribute).toBe(ttlAttribute);
    expect(deployment.tables).toHaveLength(8);
  });

  test('then sessions are also found by user', () => {
    expect(tableNamed('Sessions')?.definition.GlobalSecondaryIndexes).toMatchObject([
      { IndexName: 'byUser', Projection: { ProjectionType: 'KEYS_ONLY' } },
    ]);
  });

  test('then the stream has the shards of the settings', () => {
    expect(withoutHash(deployment.stream.name)).toBe('RollcallDataBeats');
    expect(deployment.stream.shards).toBe(2);
  });

  test('then there are the functions of the five stages, and none that only deploys', () => {
    expect(deployment.functions.map(({ name }) => withoutHash(name)).toSorted()).toEqual([
      'RollcallHeartbeatEndpointFunction',
      'RollcallHeartbeatMonitorFunction',
      'RollcallLiveFeedFunction',
      'RollcallSessionMonitorFunction',
      'RollcallStatusApiFunction',
    ]);
  });

  test('then each function is built, with what it may use', () => {
    for (const { directory: built, handler } of deployment.functions) {
      expect(handler).toBe('index.handler');
      expect(existsSync(join(built, 'index.js'))).toBe(true);
    }
    expect(functionNamed('HeartbeatMonitor')).toMatchObject({ timeoutMs: 60_000, memoryMb: 512 });
  });

  test('then environments name tables, stream, bucket and bus by what they are called here', () => {
    expect(functionNamed('HeartbeatEndpoint')?.environment).toMatchObject({
      BEATS_STREAM: deployment.stream.name,
    });
    expect(functionNamed('HeartbeatMonitor')?.environment).toEqual({
      SESSIONS_TABLE: tableNamed('Sessions')?.definition.TableName,
      REGIONS_TABLE: tableNamed('Regions')?.definition.TableName,
      WATERMARKS_TABLE: tableNamed('Watermarks')?.definition.TableName,
      DEAD_LETTERS_BUCKET: deployment.mapping.deadLetters,
      TIMINGS: '{}',
    });
  });

  test('then every variable of every function is a text without unresolved references', () => {
    const values = deployment.functions.flatMap(({ environment }) => Object.values(environment));

    expect(values.filter((value) => typeof value !== 'string')).toEqual([]);
    expect(values.filter((value) => /Fn::|"Ref"|\[object Object\]/.test(value))).toEqual([]);
  });

  test('then canaries are known by the one secret that the deployment makes', () => {
    const secrets = ['HeartbeatEndpoint', 'SessionMonitor'].map(
      (name) => functionNamed(name)?.environment.CANARY_SECRET,
    );
    expect(secrets).toEqual([...deployment.secrets, ...deployment.secrets]);
  });

  test('then pushes go to the live feed', () => {
    const endpoint = `https://${deployment.feed.apiId}.execute-api.us-east-1.amazonaws.com/live`;

    expect(functionNamed('SessionMonitor')?.environment.FEED_ENDPOINT).toBe(endpoint);
  });

  test('then the mapping leads from the stream to heartbeat-monitor, until age alone discards', () => {
    expect(deployment.mapping).toEqual({
      functionName: nameOf('HeartbeatMonitor'),
      batchSize: 500,
      batchWindowMs: 0,
      bisectOnError: true,
      maxRetries: 600,
      maxRecordAgeMs: 600_000,
      reportBatchItemFailures: true,
      deadLetters: expect.stringMatching(/^rollcalldatadeadletters[0-9a-f]{8}$/),
    });
  });

  test('then heartbeats of the allowed origins go to heartbeat-endpoint', () => {
    expect(deployment.heartbeats).toEqual({
      functionName: nameOf('HeartbeatEndpoint'),
      url: functionNamed('SessionMonitor')?.environment.HEARTBEAT_URL,
      cors: {
        allowOrigins: ['https://desk.example'],
        allowMethods: ['POST'],
        allowHeaders: ['authorization', 'content-type'],
        exposeHeaders: ['retry-after'],
        maxAgeSeconds: 7_200,
      },
    });
  });

  test('then the routes of the status API lead to its function, for any origin', () => {
    const region = '/v1/regions/{region}';
    const routes = [
      '/v1/regions',
      region,
      `${region}/changes`,
      `${region}/registry`,
      `${region}/facility`,
      `${region}/facility/history`,
      '/v1/user/facilities',
      '/v1/openapi.json',
    ];

    expect(new Set(deployment.api.routes.keys())).toEqual(
      new Set([
        ...routes.map((path) => `GET ${path}`),
        `PUT ${region}`,
        `PUT ${region}/facility`,
        `DELETE ${region}/facility`,
        `PUT ${region}/session`,
        'POST /v1/tickets',
      ]),
    );
    expect(new Set(deployment.api.routes.values())).toEqual(new Set([nameOf('StatusApi')]));
    expect(deployment.api.cors).toMatchObject({
      allowOrigins: ['*'],
      allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    });
  });

  test('then the routes of the live feed lead to its function', () => {
    expect(new Set(deployment.feed.routes.keys())).toEqual(
      new Set(['$connect', '$disconnect', '$default', 'subscribe', 'unsubscribe', 'ping']),
    );
    expect(new Set(deployment.feed.routes.values())).toEqual(new Set([nameOf('LiveFeed')]));
    expect(deployment.feed.cors).toBeUndefined();
  });

  test('then session-monitor runs every minute', () => {
    expect(deployment.schedule).toEqual({
      functionName: nameOf('SessionMonitor'),
      expression: 'rate(1 minute)',
    });
  });

  test('then the page is built, with the policy that it is served with', () => {
    expect(existsSync(join(deployment.page.directory, 'index.html'))).toBe(true);
    expect(deployment.page.contentSecurityPolicy).toMatch(/^default-src 'none'; script-src 'self';/);
  });
});

describe('given a stack without a stream', () => {
  test('when it is read, then the missing part is said', async () => {
    await writeFile(join(directory, 'Empty.template.json'), JSON.stringify({ Resources: {} }));
    await writeFile(join(directory, 'Empty.assets.json'), JSON.stringify({ files: {} }));

    const reading = () => readDeployment(new LocalTemplate(directory, 'Empty'));

    expect(reading).toThrow(TemplateNotUnderstood);
    expect(reading).toThrow('AWS::Kinesis::Stream');
  });
});
