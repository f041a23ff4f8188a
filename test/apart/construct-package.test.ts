import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Rollcall } from '../../lib/rollcall';
import { stages } from '../../lib/stage';
import { buildConstruct } from '../../tools/construct/build';

const root = join(__dirname, '..', '..');
/** An app of somebody else's, which has the package, CDK, and nothing else of ours. */
const app = mkdtempSync(join(tmpdir(), 'rollcall-construct-'));
const installed = join(app, 'node_modules', '@rollcall', 'construct');
const tarball = join(app, 'construct.tgz');

const run = (program: string, options: readonly string[], cwd = root): string =>
  execFileSync(program, options, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  const source = join(app, 'source');
  mkdirSync(source);
  for (const file of ['package.json', 'README.md', 'LICENSE'])
    cpSync(join(root, 'lib', file), join(source, file));
  buildConstruct(join(source, 'dist'));
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', app], source),
  );
  cpSync(join(app, filename), tarball);
  rmSync(source, { recursive: true });
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], app);
  for (const peer of ['aws-cdk-lib', 'constructs', '@types/node', 'undici-types']) link(peer);
}, 180_000);

afterAll(() => rmSync(app, { recursive: true, force: true }));

function link(name: string): void {
  const to = join(app, 'node_modules', name);
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), to);
}

/** What an app with the package synthesizes; its directory of the cloud assembly. */
function synthesizedWith(body: string): string {
  const script = join(app, 'app.cjs');
  const outdir = join(app, 'assembly');
  rmSync(outdir, { recursive: true, force: true });
  writeFileSync(
    script,
    `const { App, Stack } = require('aws-cdk-lib');
     const { Rollcall, RollcallStack, ConfigurationRefused } = require('@rollcall/construct');
     const app = new App({ outdir: ${JSON.stringify(outdir)} });
     ${body}
     app.synth();`,
  );
  // Neither the sources nor a bundler are to be found from here.
  execFileSync(process.execPath, [script], {
    cwd: app,
    env: { PATH: '/nowhere' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outdir;
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: { readonly Handler?: string } }>
  >;
}

const kindsOf = ({ Resources }: Template) =>
  Object.entries(Resources)
    .map(([id, { Type, Properties }]) => [id, Type, Properties?.Handler])
    .sort();

test('it holds what is built, how it is used and under which licences, and no source, test or setting besides', () => {
  const files = run('tar', ['-tzf', tarball]).trim().split('\n');
  const built = /^package\/dist\/(index\.js|LICENCES\.md|types\/.+\.d\.ts|ready-made\/.+)$/;
  expect(files.filter((name) => !built.test(name)).sort()).toEqual([
    'package/LICENSE',
    'package/README.md',
    'package/package.json',
  ]);
});

test('it asks for CDK of the app that uses it, and for nothing else', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
  expect(Object.keys(manifest.peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
});

test('publint and attw find nothing wrong', () => {
  expect(run('npx', ['publint', installed, '--strict', '--pack', 'false'])).toMatch('All good!');
  const printed = run('npx', ['attw', tarball, '--format', 'json', '--profile', 'node16']);
  const { problems } = JSON.parse(printed).analysis as { problems: { resolutionKind: string }[] };
  expect(problems.filter(({ resolutionKind }) => resolutionKind !== 'node10')).toEqual([]);
}, 60_000);

test('an app without bundler synthesizes the same resources with it as the sources do', () => {
  const outdir = synthesizedWith(
    "new Rollcall(new Stack(app, 'Mine'), 'Rollcall', { allowedOrigins: ['https://desk.example.com'] });",
  );
  const theirs = JSON.parse(readFileSync(join(outdir, 'Mine.template.json'), 'utf8')) as Template;

  const sources = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(sources, 'Mine');
  new Rollcall(stack, 'Rollcall', {
    allowedOrigins: ['https://desk.example.com'],
    buildPage: () => undefined,
  });
  const ours = sources.synth().getStackByName('Mine').template as Template;
  expect(kindsOf(theirs)).toEqual(kindsOf(ours));
}, 60_000);

test('the code of each stage and the page are among what is deployed', () => {
  const outdir = synthesizedWith("new RollcallStack(app, 'Mine');");
  const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  const codes = assets.filter((name) => existsSync(join(outdir, name, 'index.js')));
  expect(codes.length).toBeGreaterThanOrEqual(stages.length);
  expect(assets.filter((name) => existsSync(join(outdir, name, 'main.js')))).toHaveLength(1);
}, 60_000);

test('what a prop is refused for is said in its sentence', () => {
  expect(() =>
    synthesizedWith("new Rollcall(new Stack(app, 'Mine'), 'Rollcall', { timings: { tickSeconds: 0 } });"),
  ).toThrow(/ConfigurationRefused.*tickSeconds/s);
});

test('its types hold in a strict app', () => {
  writeFileSync(
    join(app, 'app.ts'),
    `import { App, Stack, type StackProps } from 'aws-cdk-lib';
     import { type Environment, environmentStack, Rollcall, RollcallStack, type RollcallProps } from '@rollcall/construct';
     const props: RollcallProps = { timings: { tickSeconds: 10 }, allowedOrigins: ['https://desk.example.com'] };
     const app = new App();
     const rollcall = new Rollcall(new Stack(app, 'Mine'), 'Rollcall', props);
     export const handlers: readonly string[] = Object.values(rollcall.functions).map(({ functionName }) => functionName);
     export const alarm = rollcall.metricIteratorAge();
     const environment: Environment = { region: 'eu-west-1' };
     environmentStack(app, 'prod', environment);
     const stackProps: StackProps = {};
     new RollcallStack(app, 'Alone', { ...stackProps, ...props });
     // @ts-expect-error there is no such prop
     new Rollcall(new Stack(app, 'Other'), 'Rollcall', { tickSeconds: 10 });`,
  );
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'node16',
    '--target',
    'es2022',
    '--types',
    'node',
    '--skipLibCheck',
  ];
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  expect(run(process.execPath, [tsc, ...options, 'app.ts'], app)).toBe('');
}, 60_000);
