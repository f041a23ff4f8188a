import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { buildPage } from '../../web/build';
import { buildClient } from './build';

/** What something weighs when it is sent, and what it may weigh. */
export interface Size {
  readonly what: string;
  readonly bytes: number;
  readonly most: number;
}

const kb = 1_024;

/** A page's own code, bundled and minified as most bundlers do it. */
const bundles = [
  { what: 'heartbeats', imports: 'startHeartbeat', most: 3 * kb },
  {
    what: 'heartbeats and live status',
    imports: 'startHeartbeat, openLive, watchRegion, watchFacility',
    most: 8 * kb,
  },
];

/** Builds the library and the operators' page, and weighs them: gzip, level 9. */
export function sizes(): readonly Size[] {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-sizes-'));
  try {
    buildClient(join(directory, 'client'));
    const firstLoad = buildPage(join(directory, 'page'));
    const index = join(directory, 'client', 'esm', 'index.js');
    const read = (...path: readonly string[]): Buffer => readFileSync(join(directory, ...path));
    return [
      ...bundles.map(({ what, imports, most }) => ({
        what,
        bytes: weigh(bundled(`export { ${imports} } from ${JSON.stringify(index)}`)),
        most,
      })),
      { what: 'the script for a script tag', bytes: weigh(read('client', 'rollcall.js')), most: 8 * kb },
      {
        what: "the operators' page until the overview is there",
        bytes: firstLoad.reduce((sum, name) => sum + weigh(read('page', name)), 0),
        most: 30 * kb,
      },
      {
        what: 'signing in to it, loaded beside it',
        bytes: weigh(read('page', readdirSync(join(directory, 'page')).find(isSignIn) ?? '')),
        most: 10 * kb,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const isSignIn = (name: string): boolean => /^tokens-.*\.js$/.test(name);

const weigh = (contents: Uint8Array): number => gzipSync(contents, { level: 9 }).length;

function bundled(code: string): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: __dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  const [only] = outputFiles;
  if (only === undefined) throw new Error('esbuild wrote nothing');
  return only.contents;
}

if (require.main === module) {
  for (const { what, bytes, most } of sizes()) console.log(`${what}: ${bytes} of ${most} bytes`);
}
