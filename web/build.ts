import { copyFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

/** By the name under which they are served. Each view that is loaded when it is opened has one of its own. */
export const styleSheets = {
  'style.css': 'style.css',
  'region.css': 'region/region.css',
  'facility.css': 'facility/facility.css',
  'registry.css': 'registry/registry.css',
  'notices.css': 'notices/notices.css',
  'tv.css': 'tv/tv.css',
} as const;

const scripts = { main: 'main.tsx', 'rollcall-worker': '../client/rollcall-worker.ts' } as const;

/**
 * Builds the operators' page. What not every page needs is in files of its own: each view but the overview.
 * @param outDir takes the page's files
 * @returns the names of those that a browser loads to show the overview
 */
export function buildPage(outDir: string): readonly string[] {
  const entryPoints = [
    ...Object.entries(scripts).map(([out, path]) => ({ in: join(__dirname, path), out })),
    ...Object.entries(styleSheets).map(([out, path]) => ({
      in: join(__dirname, path),
      out: basename(out, '.css'),
    })),
  ];
  const { metafile } = buildSync({
    entryPoints,
    outdir: outDir,
    bundle: true,
    splitting: true,
    minify: true,
    sourcemap: true,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // The reader of CSV in the form that browsers can run.
    alias: { 'csv-parse/sync': 'csv-parse/browser/esm/sync' },
    logLevel: 'warning',
  });
  copyFileSync(join(__dirname, 'index.html'), join(outDir, 'index.html'));
  return ['index.html', 'style.css', ...loadedAtOnce(metafile, outDir)];
}

/** The entry, and what it imports without being asked to. */
function loadedAtOnce({ outputs }: Metafile, outDir: string): readonly string[] {
  const found = new Set<string>();
  const add = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') add(imported);
    }
  };
  for (const path of Object.keys(outputs)) if (basename(path) === 'main.js') add(path);
  return [...found].map((path) => relative(outDir, join(process.cwd(), path)));
}
