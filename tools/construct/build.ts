import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOf, stages } from '../../bench/bundles';
import { buildPage } from '../../web/build';

const root = join(__dirname, '..', '..');
const here = join(root, 'lib');

/**
 * Builds what is published of the construct: its code, its types, and ready-made what the sources build at synth.
 * @param outDir `dist` of the package
 */
export function buildConstruct(outDir: string): void {
  rmSync(outDir, { recursive: true, force: true });
  buildSync({
    entryPoints: [join(here, 'index.ts')],
    outfile: join(outDir, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // Of no use without the sources of the page.
    external: ['../web/build'],
    logLevel: 'warning',
  });
  writeTypes(join(outDir, 'types'));
  for (const stage of stages) {
    const directory = join(outDir, 'ready-made', stage);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'index.js'), bundleOf(stage));
  }
  buildPage(join(outDir, 'ready-made', 'page'));
  // Whose code is in it, and under which licences.
  copyFileSync(join(root, 'docs', 'LICENCES.md'), join(outDir, 'LICENCES.md'));
}

function writeTypes(outDir: string): void {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', join(here, 'tsconfig.types.json'), '--outDir', outDir], {
    stdio: 'inherit',
  });
}

if (require.main === module) buildConstruct(join(here, 'dist'));
