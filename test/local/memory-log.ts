import type { Log } from '../../core/ports';

/** A log that tests read. */
export class MemoryLog implements Log {
  readonly infos: string[] = [];
  readonly errors: string[] = [];

  info(message: string): void {
    this.infos.push(message);
  }

  error(message: string, error: unknown): void {
    this.errors.push(`${message}: ${String(error)}`);
  }
}
