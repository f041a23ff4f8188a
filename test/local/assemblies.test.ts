import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { assemblyFor, sources } from '../../local/assemblies';

const root = join(__dirname, '..', '..');
const shelf = mkdtempSync(join(tmpdir(), 'rollcall-assemblies-'));
afterAll(() => rmSync(shelf, { recursive: true }));

const settings = { shards: 2 };
const going = new AbortController().signal;
/** Whoever synthesizes with this throws. */
const ended = AbortSignal.abort();

describe('given the stack was synthesized once', () => {
  let first: string;
  beforeAll(async () => {
    first = await assemblyFor(settings, going, shelf);
  });

  test('when the same is wanted again, then it is the same, and nothing is synthesized', async () => {
    const writtenMs = statSync(join(first, 'manifest.json')).mtimeMs;

    expect(await assemblyFor(settings, ended, shelf)).toBe(first);
    expect(statSync(join(first, 'manifest.json')).mtimeMs).toBe(writtenMs);
  });

  test('when other settings are wanted, then it is synthesized for them', async () => {
    await expect(assemblyFor({ shards: 3 }, ended, shelf)).rejects.toThrow('aborted');
  });

  test('then nothing else is left behind', () => {
    expect(readdirSync(shelf).map((name) => join(shelf, name))).toEqual([first]);
  });
});

test('given everything that goes into the stack, then what is compared with an earlier start holds it all', async () => {
  const handlers = readdirSync(join(root, 'lambdas')).map((stage) => `lambdas/${stage}/handler.ts`);
  const { metafile } = await build({
    entryPoints: ['bin/rollcall.ts', 'web/main.tsx', ...handlers.filter((path) => isFile(path))],
    absWorkingDir: root,
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    packages: 'external',
    jsx: 'automatic',
  });

  const read = new Set(Object.keys(metafile.inputs).map((path) => path.split('/')[0]));

  expect([...read].filter((name) => !sources.some((source) => source === name))).toEqual([]);
  expect(read.size).toBeGreaterThan(5);
});

const isFile = (path: string): boolean => existsSync(join(root, path));
