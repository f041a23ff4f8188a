import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { linesIn } from './record-file';

/** A record of a shard. */
export interface StreamRecord {
  /** Texts of equal length, in the order of arrival. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  readonly arrivalMs: number;
}

/** Forgetting moves everything that stays, so it waits until so many can go, and they are most. */
const fewestForgotten = 1_000;

/** The records of one shard, oldest first, in memory and, where there is a file, also there. */
export class RecordLog {
  private records: StreamRecord[] = [];
  private file: number | undefined;

  /** @param path without it nothing touches the disk */
  constructor(
    private readonly retentionMs: number,
    nowMs: number,
    private readonly path?: string,
  ) {
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    const kept = linesIn(path).map((line) => JSON.parse(line) as StreamRecord);
    this.records = kept.filter(({ arrivalMs }) => arrivalMs >= nowMs - retentionMs);
    this.rewrite(path);
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

  /** The sequence number before the first record that arrived at or after an instant. */
  before(atMs: number): string | undefined {
    const index = this.firstWhere(({ arrivalMs }) => arrivalMs >= atMs);
    return this.records[index - 1]?.sequenceNumber;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** Index of the first record that fulfils a condition which all later ones fulfil as well. */
  private firstWhere(fulfils: (record: StreamRecord) => boolean): number {
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const record = this.records[middle];
      if (record !== undefined && fulfils(record)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private forget(untilMs: number): void {
    const expired = this.firstWhere(({ arrivalMs }) => arrivalMs >= untilMs);
    if (expired < fewestForgotten || expired <= this.records.length / 2) return;
    this.records.splice(0, expired);
    if (this.path !== undefined) this.rewrite(this.path);
  }

  /**
   * Leaves out the expired, and the torn end that a killed process left. By renaming: killed in the midst of it, the
   * process leaves the old file, in which everything acknowledged is.
   */
  private rewrite(path: string): void {
    const unfinished = `${path}.new`;
    const file = openSync(unfinished, 'w');
    for (const record of this.records) writeSync(file, lineOf(record));
    renameSync(unfinished, path);
    this.close();
    this.file = file;
  }
}

const lineOf = (record: StreamRecord): string => `${JSON.stringify(record)}\n`;
