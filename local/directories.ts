import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the local runtime keeps what it keeps; with undefined, the service stays in memory. */
export class Directories {
  /**
   * The synthesized stack, made anew at each start and removed at the end. The guard of the synthesis makes the directory
   * (guard.cjs), since only whoever outlives this process can see to it that nothing is left when it is killed.
   */
  readonly assembly = join(tmpdir(), `rollcall-${randomUUID()}`);

  constructor(private readonly data: string | undefined) {}

  /** A directory of this name below the data directory. */
  kept(name: string): string | undefined {
    if (this.data === undefined) return undefined;
    const directory = join(this.data, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  close(): void {
    rmSync(this.assembly, { recursive: true, force: true });
  }
}
