import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FunctionOptions, LambdaFunction } from '../../local/lambda';

/** Functions whose code a test writes, and what they printed. */
export class Bundles {
  readonly lines: string[] = [];
  private readonly functions: LambdaFunction[] = [];
  private readonly directories: string[] = [];
  private readonly awaited = new Set<() => void>();

  /** A function with this `index.js`. */
  async deploy(code: string, settings: Partial<FunctionOptions> = {}): Promise<LambdaFunction> {
    const directory = await mkdtemp(join(tmpdir(), 'rollcall-bundle-'));
    this.directories.push(directory);
    await writeFile(join(directory, 'index.js'), code);
    const deployed = new LambdaFunction({
      name: 'greeter',
      directory,
      handler: 'index.handler',
      environment: {},
      timeoutMs: 10_000,
      concurrency: 1,
      log: (line) => this.printed(line),
      ...settings,
    });
    this.functions.push(deployed);
    return deployed;
  }

  /** Resolves once this line has been printed. */
  async line(text: string): Promise<void> {
    while (!this.lines.includes(text)) {
      await new Promise<void>((resolve) => this.awaited.add(resolve));
    }
  }

  async remove(): Promise<void> {
    await Promise.all(this.functions.map((deployed) => deployed.close()));
    await Promise.all(this.directories.map((directory) => rm(directory, { recursive: true })));
  }

  private printed(line: string): void {
    this.lines.push(line);
    for (const resolve of this.awaited) resolve();
    this.awaited.clear();
  }
}
