import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { localAws } from '../support/aws-client';
import { seconds } from '../support/builders';
import { LiveFeed } from '../support/live-feed';
import { LocalServices } from '../support/local-services';
import { Rollcall } from '../support/rollcall';
import { runAwsTool } from '../support/tool';
import { patience, until } from '../support/waiting';

const directory = mkdtempSync(join(tmpdir(), 'rollcall-erase-'));
const resources = join(directory, 'resources.json');
const data = join(directory, 'data');
let rollcall: Rollcall;
let services: LocalServices;

beforeAll(async () => {
  rollcall = await Rollcall.start({ data });
  services = await LocalServices.of(rollcall);
  await services.putRecord('no beat, and in it maria.berger', 'any');
  await services.putRecord('no beat of anybody', 'any');
  await until(patience, 'two dead letters', () => letters().length === 2 || undefined);
  writeFileSync(resources, JSON.stringify(await stackResources()));
}, seconds(60));

afterAll(async () => {
  await rollcall?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Files in which dead letters are kept here. */
function letters(): readonly string[] {
  const kept = join(data, 's3');
  if (!existsSync(kept)) return [];
  return readdirSync(kept, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
}

/** As `aws cloudformation list-stack-resources` would list them; locally, tables have their logical ids as names. */
async function stackResources(): Promise<object> {
  const client = new DynamoDBClient(localAws((await rollcall.services()).dynamodb));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  client.destroy();
  const tables = TableNames.map((name) => ({
    LogicalResourceId: name,
    PhysicalResourceId: name,
    ResourceType: 'AWS::DynamoDB::Table',
  }));
  const bucket = {
    LogicalResourceId: 'RollcallDataDeadLettersABCDEF12',
    PhysicalResourceId: letters()[0]?.split('/')[0],
    ResourceType: 'AWS::S3::Bucket',
  };
  return { StackResourceSummaries: [...tables, bucket] };
}

const erase = (subject: string, ...words: readonly string[]) =>
  runAwsTool(rollcall, 'tools/erase/main.ts', [
    ...['--resources', resources, '--issuer', rollcall.url, '--subject', subject],
    ...words,
  ]);

const beat = async (sub: string, next: number, attributes?: object) => {
  const token = await rollcall.token({ provide: { north: ['*'] }, watch: { north: ['*'] } }, sub);
  await rollcall.post(
    '/heartbeat',
    {
      sessionId: `of-${sub.length}`,
      region: 'north',
      facilities: ['clinic-7'],
      next,
      ...(attributes && { attributes }),
    },
    { authorization: `Bearer ${token}` },
  );
  return token;
};

/** Everything that is stored in any table, as one text. */
const everything = async (): Promise<string> =>
  [...(await services.holdings()).values()].flatMap((items) => [...items]).join('\n');

describe('given a person who was present, with attributes and an open page', () => {
  test('what is stored of them can be deleted, once they are gone, and nothing of anybody else', async () => {
    const token = await beat('maria.berger', 5, { mood: 'happy' });
    await beat('maria', 300);
    const feed = await LiveFeed.open(rollcall, token);
    await feed.subscribe('north');
    await until(patience, 'both to be present', async () =>
      (await services.items('Presence')).length > 3 ? true : undefined,
    );

    expect(await erase('maria.berger')).toMatchObject({
      code: 2,
      complaints: expect.stringContaining('They are present now, until'),
    });
    expect(await everything()).toContain('maria.berger');

    feed.close();
    await beat('maria.berger', 0);
    const outcome = await until(patience, 'the end of their grace', async () => {
      const tried = await erase('maria.berger');
      return tried.code === 2 ? undefined : tried;
    });

    expect(outcome).toMatchObject({ code: 0, said: expect.stringContaining('Deleted.') });
    // The monitor may tell their leaving after that; what it tells is kept for an hour, and found by another run.
    const left = await until(patience, 'nothing to be left', async () => {
      await erase('maria.berger');
      const stored = await everything();
      return stored.includes('maria.berger') ? undefined : stored;
    });
    expect(left).toContain('maria');
    expect(letters()).toHaveLength(1);
  });

  test('a dry run only says what there is', async () => {
    expect(await erase('maria', '--dry-run')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^1 rows of sessions/),
    });
    expect(await everything()).toContain('maria');
  });

  test('without a person it says how it is used', async () => {
    expect(await erase('')).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('Say --resources'),
    });
  });
});
