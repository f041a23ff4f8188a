import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const copied = ['index.html', 'style.css'];

/**
 * Builds the operators' page. The sign-in with an identity provider is a file of its own, since a page that runs locally
 * does not load it.
 * @param outDir takes the page's files
 */
export function buildPage(outDir: string): void {
  buildSync({
    entryPoints: [join(__dirname, 'main.tsx')],
    outdir: outDir,
    bundle: true,
    splitting: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  for (const file of copied) copyFileSync(join(__dirname, file), join(outDir, file));
}
