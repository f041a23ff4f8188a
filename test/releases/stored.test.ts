import { assemblyFor } from '../../local/assemblies';
import { type Deployment, readDeployment } from '../../local/deployment';
import { localSettings } from '../../local/local-settings';
import { optionsFrom } from '../../local/options';
import { LocalTemplate } from '../../local/template';
import { seconds } from '../support/builders';
import { LastRelease } from './last-release';

const release = LastRelease.open('http://localhost:8787');
const before = release.deployment;
let now: Deployment;

beforeAll(async () => {
  const settings = localSettings(optionsFrom(['--tick', '1']));
  now = readDeployment(
    new LocalTemplate(await assemblyFor(settings, new AbortController().signal), 'Rollcall'),
  );
}, seconds(90));

afterAll(() => release.remove());

/** What CloudFormation would replace, data and all, if it were another: names, keys, attributes of keys. */
const keysOf = ({ tables }: Deployment) =>
  Object.fromEntries(
    tables.map(
      ({ definition: { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes = [] } }) => [
        TableName,
        {
          KeySchema,
          AttributeDefinitions,
          indexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys }) => [IndexName, keys]),
        },
      ],
    ),
  );

describe('given a stack of the last release, when this one is deployed over it', () => {
  test.each(before.tables.map(({ definition }) => definition.TableName))(
    'then the table %s stays',
    (table) => {
      expect(keysOf(now)[table]).toEqual(keysOf(before)[table]);
    },
  );

  test('then stream, dead letters and secrets stay', () => {
    const kept = ({ stream, mapping, secrets }: Deployment) => ({
      stream: stream.name,
      deadLetters: mapping.deadLetters,
      secrets,
    });

    expect(kept(now)).toMatchObject(kept(before));
  });

  test('then what front ends and operators connect to stays', () => {
    const doors = ({ heartbeats, feed }: Deployment) => [heartbeats.url, feed.apiId];

    expect(doors(now)).toEqual(doors(before));
  });

  test('then every route that was there still is', () => {
    expect([...now.api.routes.keys()]).toEqual(expect.arrayContaining([...before.api.routes.keys()]));
    expect([...now.feed.routes.keys()]).toEqual(expect.arrayContaining([...before.feed.routes.keys()]));
  });
});
