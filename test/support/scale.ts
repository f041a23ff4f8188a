import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figures } from '../../bench/scale/report';
import { runTool } from './tool';

/**
 * Runs the real handlers on metered stores under virtual time, and asks the cost sheet about the same load. In a process of its own: the
 * registry of modules that jest has would take four times as long.
 */
export async function scaleFigures(...words: readonly string[]): Promise<Figures> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-scale-'));
  try {
    const json = join(directory, 'figures.json');
    const called = await runTool(
      'bench/scale/main.ts',
      ['--minutes', '3', ...words, '--json', json],
      process.env,
    );
    if (!existsSync(json)) throw new Error(called.complaints);
    return JSON.parse(readFileSync(json, 'utf8')).figures;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
