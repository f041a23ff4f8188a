import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const here = join(__dirname, '..', '..', 'client');
const entries = ['index', 'react/index', 'testing/index'];

const shared: BuildOptions = { bundle: true, target: 'es2022', logLevel: 'warning', charset: 'utf8' };

/** Under the package's own name, its parts share one library. */
const external = ['react', '@rollcall/client'];

/**
 * Builds what is published.
 * @param outDir `dist` of the package
 */
export function buildClient(outDir: string): void {
  rmSync(outDir, { recursive: true, force: true });
  for (const entry of entries) {
    const options = { ...shared, external, minifySyntax: true, entryPoints: [join(here, `${entry}.ts`)] };
    buildSync({ ...options, format: 'esm', outfile: join(outDir, 'esm', `${entry}.js`) });
    buildSync({
      ...options,
      format: 'cjs',
      outfile: join(outDir, 'cjs', `${entry}.cjs`),
      // Without it the page's own timer ticks; whoever wants the worker says where it is.
      define: { 'import.meta.url': 'undefined' },
    });
  }
  buildScript(outDir);
  buildWorker(join(outDir, 'rollcall-worker.js'));
  copyFileSync(join(outDir, 'rollcall-worker.js'), join(outDir, 'esm', 'rollcall-worker.js'));
  writeTypes(outDir);
}

/** The file that the worker runs, which every page must serve. */
export const buildWorker = (outfile: string): void => {
  buildSync({ ...shared, minify: true, entryPoints: [join(here, 'rollcall-worker.ts')], outfile });
};

/** For a script tag: one global name, `Rollcall`. */
function buildScript(outDir: string): void {
  buildSync({
    ...shared,
    minify: true,
    sourcemap: true,
    format: 'iife',
    entryPoints: [join(here, 'script-tag.ts')],
    outfile: join(outDir, 'rollcall.js'),
    inject: [join(here, 'script-url.ts')],
    define: { 'import.meta.url': 'scriptUrl' },
  });
}

/** Types for both module systems, each with the endings that it asks for in the paths. */
function writeTypes(outDir: string): void {
  for (const [folder, ending] of [
    ['esm', 'js'],
    ['cjs', 'cjs'],
  ] as const) {
    const out = join(outDir, folder);
    const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
    execFileSync(process.execPath, [tsc, '-p', join(here, 'tsconfig.types.json'), '--outDir', out]);
    for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.d.ts')) completePaths(join(out, file), ending);
    }
  }
}

function completePaths(file: string, ending: 'js' | 'cjs'): void {
  const complete = readFileSync(file, 'utf8').replace(
    /(from |import\()(['"])(\.[^'"]*?)(\/index)?\2/g,
    (_, before, quote, path) => {
      const whole = /\/(react|testing)$|^\.{1,2}$/.test(path) ? `${path}/index` : path;
      return `${before}${quote}${whole}.${ending}${quote}`;
    },
  );
  writeFileSync(file, complete);
  if (ending === 'cjs') renameSync(file, file.replace(/\.d\.ts$/, '.d.cts'));
}

if (require.main === module) buildClient(join(here, 'dist'));
