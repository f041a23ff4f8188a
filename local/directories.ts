import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the local runtime keeps what it keeps; with undefined, the service stays in memory. */
export class Directories {
  private temporary: string | undefined;

  constructor(private readonly data: string | undefined) {}

  /**
   * The synthesized stack, made anew at each start and removed at the end; made when it is first asked for, by whoever
   * sees to it that it is removed also when this process is killed.
   */
  get assembly(): string {
    this.temporary ??= mkdtempSync(join(tmpdir(), 'rollcall-'));
    return this.temporary;
  }

  /** A directory of this name below the data directory. */
  kept(name: string): string | undefined {
    if (this.data === undefined) return undefined;
    const directory = join(this.data, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  close(): void {
    if (this.temporary !== undefined) rmSync(this.temporary, { recursive: true, force: true });
  }
}
