import { type Called, runTool } from './tool';

/** `npm run registry -- …`, as what npm would run. */
export async function registryCommand(...words: readonly string[]): Promise<Called> {
  const { NODE_ENV: _, JEST_WORKER_ID: __, ROLLCALL_TOKEN: ___, ...env } = process.env;
  return await runTool('tools/registry/main.ts', words, env);
}
