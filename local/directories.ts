import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the local runtime keeps what it keeps; with undefined, the service stays in memory. */
export class Directories {
  constructor(private readonly data: string | undefined) {}

  /** A directory of this name below the data directory. */
  kept(name: string): string | undefined {
    if (this.data === undefined) return undefined;
    const directory = join(this.data, name);
    mkdirSync(directory, { recursive: true });
    return directory;
  }
}
