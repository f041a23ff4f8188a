import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { stages } from '../../lib/stage';

const root = join(__dirname, '..', '..');

/** A package of somebody else's, as package-lock.json has it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** As its authors write it: an SPDX expression. */
  readonly licence: string;
  /** Whether its code is in what is deployed or published: functions, page, browser library. */
  readonly shipped: boolean;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly license?: string }>>;
}

/** Everything that `npm ci` installs, in the order of names. */
export function packages(): readonly Package[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const shipped = shippedPaths();
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, { version = '', license = 'none' }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license.replace(/^\((.*)\)$/, '$1'),
      shipped: shipped.has(path),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Where in node_modules that is which the bundlers take in: dependencies by name would miss what only the page holds. */
function shippedPaths(): ReadonlySet<string> {
  const common: BuildOptions = {
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'out',
    absWorkingDir: root,
  };
  const functions = stages.map((stage) => `lambdas/${stage}/handler.ts`);
  const builds: readonly BuildOptions[] = [
    { ...common, entryPoints: functions, platform: 'node', mainFields: ['module', 'main'] },
    {
      ...common,
      entryPoints: ['web/main.tsx', 'client/index.ts', 'client/rollcall-worker.ts'],
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    },
  ];
  const inputs = builds.flatMap((build) => Object.keys(buildSync(build).metafile?.inputs ?? {}));
  return new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
}
