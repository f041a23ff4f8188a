import type { Stage } from '../../local/crashes';
import { functionOf } from '../../local/crashes';
import type { Grant } from '../../local/permissions/grants';
import { loggingAccesses, MappingRole } from '../../local/permissions/platform-accesses';
import { complaintsIn } from '../permissions/report';
import { Samples, sentAgain } from '../permissions/samples';
import { doEverything } from '../permissions/scenario';
import { seconds } from '../support/builders';
import { Hosted } from '../support/hosted';
import { LiveFeed } from '../support/live-feed';
import { patience, until } from '../support/waiting';

const stages: readonly Stage[] = [
  'heartbeat-endpoint',
  'heartbeat-monitor',
  'session-monitor',
  'live-feed',
  'status-api',
];
const samples = new Samples();
let hosted: Hosted;

beforeAll(async () => {
  hosted = await Hosted.start([], samples.collect);
  await doEverything(hosted);
}, seconds(120));

afterAll(() => hosted?.close());

const nameOf = (stage: Stage): string => functionOf(stage, hosted.runtime.deployment);

const grantsOf = (name: string) =>
  hosted.runtime.permissions.report().find((report) => report.function === name)?.grants ?? [];

const isIt = (one: Grant, other: Grant): boolean =>
  one.action === other.action && one.resource === other.resource;

/** Takes a permission away while `work` is done. */
async function without<T>(name: string, grant: Grant, work: () => Promise<T>): Promise<T> {
  const { permissions } = hosted.runtime;
  let before: readonly Grant[] = [];
  permissions.change(name, (grants) => {
    before = grants;
    return grants.filter((other) => !isIt(other, grant));
  });
  try {
    return await work();
  } finally {
    permissions.change(name, () => before);
  }
}

/** What Lambda is told when it does for the function what no code of the function does. */
async function platformRefusal(name: string): Promise<string> {
  const { deployment, permissions } = hosted.runtime;
  const role = new MappingRole(deployment, permissions);
  const reading = await role.mayRead().then(
    () => '',
    (error: Error) => error.message,
  );
  const logging = deployment.functions.filter((deployed) => deployed.name === name).flatMap(loggingAccesses);
  const refusal = await permissions.refusalOf(name, logging);
  return `${reading} ${refusal === undefined ? '' : `not authorized to perform: ${refusal.access.action}`}`;
}

/** The answer to what used a permission, when that permission is not there. */
async function answerWithout(name: string, grant: Grant): Promise<string> {
  const sample = samples.of(name, grant);
  return await without(name, grant, async () =>
    sample === undefined ? `AccessDenied ${await platformRefusal(name)}` : await sentAgain(sample),
  );
}

describe('given that Rollcall has done everything it does, and AWS would have refused what no policy allows', () => {
  test('then nothing was refused, and no permission is there that nothing used', () => {
    expect(complaintsIn(hosted.runtime.permissions.report())).toEqual([]);
  });

  test.each(stages)(
    'when any one permission is taken from %s, then what used it fails as at AWS',
    async (stage) => {
      const name = nameOf(stage);
      const grants = grantsOf(name);
      expect(grants.length).toBeGreaterThan(4);
      for (const grant of grants) {
        const answer = await answerWithout(name, grant);

        expect(answer).toMatch(/AccessDenied/);
        expect(answer).toContain(`not authorized to perform: ${grant.action}`);
      }
    },
  );

  test.each(stages)('when %s gets a permission that it does not need, then the report names it', (stage) => {
    const name = nameOf(stage);
    const surplus: Grant = {
      effect: 'Allow',
      action: 'dynamodb:DeleteTable',
      resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/RollcallDataSessions4F3F6BBB',
    };
    hosted.runtime.permissions.change(name, (grants) => [...grants, surplus]);

    const complaints = complaintsIn(hosted.runtime.permissions.report());

    hosted.runtime.permissions.change(name, (grants) => grants.filter((grant) => grant !== surplus));
    expect(complaints).toContain(
      `${stage} never used dynamodb:DeleteTable on table Sessions: take it away, or test what needs it.`,
    );
  });
});

describe('given a function that lost a permission', () => {
  const token = () => hosted.token({ provide: { south: ['*'] }, watch: { south: ['*'], north: ['*'] } });
  const beat = async () =>
    await hosted.post(
      '/heartbeat',
      { sessionId: `s${Date.now()}`, region: 'south', facilities: ['a'], next: 300 },
      { authorization: `Bearer ${await token()}` },
    );

  /** The run before may have ended with what was taken from it above. */
  const startRun = (): void => void hosted.runtime.functions.invoke(nameOf('session-monitor'))({});

  test.each<[Stage, string, string, () => Promise<unknown>]>([
    ['heartbeat-endpoint', 'kinesis:PutRecords', 'Beats', beat],
    ['heartbeat-monitor', 'dynamodb:UpdateItem', 'Regions', beat],
    ['session-monitor', 'dynamodb:Scan', 'Regions', async () => startRun()],
    [
      'live-feed',
      'dynamodb:GetItem',
      'Connections',
      async () => {
        const feed = await LiveFeed.open(hosted, await token());
        feed.socket.send(JSON.stringify({ action: 'ping' }));
      },
    ],
    ['status-api', 'dynamodb:Query', 'Regions', async () => hosted.get('/v1/regions/north', await token())],
  ])('when %s may not %s on %s, then its log has the error of AWS', async (stage, action, table, work) => {
    const name = nameOf(stage);
    const grant = grantsOf(name).find((one) => one.action === action && one.resource.includes(table));
    const before = hosted.printed.length;

    await without(name, grant as Grant, async () => {
      await work();
      await until(patience, 'the error in the log', () =>
        hosted.printed
          .slice(before)
          .find(
            (line) => line.includes('AccessDenied') && line.includes(`not authorized to perform: ${action}`),
          ),
      );
    });
  });
});
