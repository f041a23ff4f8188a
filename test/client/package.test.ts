import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { buildClient } from '../../tools/client/build';
import { sizes } from '../../tools/client/sizes';

/** What attw says of one way to import one entry. */
interface Problem {
  readonly resolutionKind: string;
}

const root = join(__dirname, '..', '..');
const directory = mkdtempSync(join(tmpdir(), 'rollcall-package-'));
/** What npm would install. */
const installed = join(directory, 'node_modules', '@rollcall', 'client');
const tarball = join(directory, 'rollcall-client.tgz');

beforeAll(() => {
  const source = join(directory, 'source');
  mkdirSync(source);
  for (const file of ['package.json', 'README.md', 'LICENSE'])
    cpSync(join(root, 'client', file), join(source, file));
  buildClient(join(source, 'dist'));
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], source),
  );
  cpSync(join(directory, filename), tarball);
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], directory);
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = (program: string, options: readonly string[], cwd = root): string =>
  execFileSync(program, options, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test('it holds what is built, how it is used and under which licence, and no source, test or setting besides', () => {
  const files = run('tar', ['-tzf', tarball]).trim().split('\n');
  const apart = files.filter((name) => !/^package\/dist\/.+\.(js|cjs|d\.ts|d\.cts|map)$/.test(name));
  expect(apart.sort()).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json']);
  expect(files.length - apart.length).toBeGreaterThan(10);
});

test('attw finds that types and code agree, for every way to import it', () => {
  // What a page serves as it is has no types. Whoever resolves without "exports" gets the main entry only.
  const served = ['--exclude-entrypoints', 'rollcall.js', 'rollcall-worker.js'];
  // As JSON: the table it draws for people depends on colours and on how wide it takes the terminal to be.
  const printed = run('npx', ['attw', tarball, '--format', 'json', '--profile', 'node16', ...served]);
  const { analysis } = JSON.parse(printed);
  const resolved = ['.', './react', './testing'].flatMap((entry) =>
    ['node16-cjs', 'node16-esm'].map((kind) => {
      const { resolution, implementationResolution } = analysis.entrypoints[entry].resolutions[kind];
      return [entry, kind, extname(resolution.fileName), extname(implementationResolution.fileName)];
    }),
  );
  expect(resolved).toEqual(
    ['.', './react', './testing'].flatMap((entry) => [
      [entry, 'node16-cjs', '.cts', '.cjs'],
      [entry, 'node16-esm', '.ts', '.js'],
    ]),
  );
  expect(analysis.problems.filter(({ resolutionKind }: Problem) => resolutionKind !== 'node10')).toEqual([]);
});

test('publint finds nothing wrong', () => {
  expect(run('npx', ['publint', installed, '--strict', '--pack', 'false'])).toMatch('All good!');
});

test.each([
  ['mjs', "import * as rollcall from '@rollcall/client'; import * as kit from '@rollcall/client/testing';"],
  ['cjs', "const rollcall = require('@rollcall/client'); const kit = require('@rollcall/client/testing');"],
])(
  'it is imported as %s where there is no browser, and an app’s own test runs with the kit',
  (ending, imports) => {
    const script = join(directory, `uses.${ending}`);
    writeFileSync(
      script,
      `${imports}
    const server = new kit.FakeServer();
    const browser = new kit.FakeBrowser(server);
    const { environment } = browser.tab();
    const getToken = () => 'token';
    const run = async () => {
      const heartbeat = rollcall.startHeartbeat({
        url: server.heartbeatUrl, getToken, region: 'north', facilities: ['clinic-7'], environment,
      });
      const { apiUrl, liveUrl } = server;
      const north = rollcall.watchRegion({ apiUrl, liveUrl, getToken, region: 'north', environment });
      await browser.pass(60_000);
      console.log(heartbeat.state.connectivity, north.state.status, north.snapshot().get('clinic-7').status);
      await heartbeat.leave();
      north.close();
    };
    run();`,
    );
    expect(run(process.execPath, [script], directory).trim()).toBe('connected live online');
  },
);

test('it has no dependencies, and React is optional', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.peerDependenciesMeta).toEqual({ react: { optional: true } });
});

test.each(sizes())('$what: $bytes bytes of at most $most, compressed', ({ bytes, most }) => {
  expect(bytes).toBeLessThanOrEqual(most);
});
