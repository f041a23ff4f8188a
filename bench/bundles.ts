import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundling } from '../lib/bundling';
import type { Stage } from '../lib/stage';

export const stages = [
  'heartbeat-endpoint',
  'heartbeat-monitor',
  'session-monitor',
  'live-feed',
  'status-api',
] as const satisfies readonly Stage[];

const root = join(__dirname, '..');

/** A function's code as CDK's NodejsFunction bundles it. */
export function bundleOf(stage: Stage): Uint8Array {
  const { format, target, mainFields, minify } = bundling;
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'lambdas', stage, 'handler.ts')],
    bundle: true,
    platform: 'node',
    format,
    target,
    mainFields: [...mainFields],
    minify,
    write: false,
    logLevel: 'warning',
  });
  const [only] = outputFiles;
  if (only === undefined) throw new Error('esbuild wrote nothing');
  return only.contents;
}
