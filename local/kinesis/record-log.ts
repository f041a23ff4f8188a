import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A record of a shard. */
export interface StreamRecord {
  /** Texts of equal length, in the order of arrival. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly arrivalMs: number;
}

/** The records of one shard, oldest first, in memory and, where there is a file, also there. */
export class RecordLog {
  private records: StreamRecord[] = [];
  private file: number | undefined;

  /** @param path without it nothing touches the disk */
  constructor(
    private readonly retentionMs: number,
    nowMs: number,
    path?: string,
  ) {
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    this.records = keptIn(path).filter(({ arrivalMs }) => arrivalMs >= nowMs - retentionMs);
    // Rewritten at opening: without the expired, and without the torn end of a killed process.
    writeFileSync(path, this.records.map(lineOf).join(''));
    this.file = openSync(path, 'a');
  }

  get last(): StreamRecord | undefined {
    return this.records.at(-1);
  }

  /** One write before the caller acknowledges: it survives this process, though not the loss of power. */
  append(record: StreamRecord): void {
    if (this.file !== undefined) writeSync(this.file, lineOf(record));
    this.records.push(record);
    this.forget(record.arrivalMs - this.retentionMs);
  }

  after(sequenceNumber: string | undefined, limit: number): readonly StreamRecord[] {
    const from =
      sequenceNumber === undefined ? 0 : this.firstWhere((record) => record.sequenceNumber > sequenceNumber);
    return this.records.slice(from, from + limit);
  }

  /** Index of the first record that fulfils a condition which all later ones fulfil as well. */
  firstWhere(fulfils: (record: StreamRecord) => boolean): number {
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const record = this.records[middle];
      if (record !== undefined && fulfils(record)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The sequence number before the first record that arrived at or after an instant. */
  before(atMs: number): string | undefined {
    const index = this.firstWhere(({ arrivalMs }) => arrivalMs >= atMs);
    return this.records[index - 1]?.sequenceNumber;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** In large pieces, since each moves everything that stays. */
  private forget(untilMs: number): void {
    const expired = this.firstWhere(({ arrivalMs }) => arrivalMs >= untilMs);
    if (expired > this.records.length / 2 && expired > 1_000) this.records.splice(0, expired);
  }
}

const lineOf = (record: StreamRecord): string => `${JSON.stringify(record)}\n`;

function keptIn(path: string): readonly StreamRecord[] {
  const lines = readIfThere(path).split('\n');
  // What follows the last line end was never acknowledged.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as StreamRecord);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
