import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationRefused } from '../core/errors';

/** Up to where an event source mapping has read each shard. */
export interface Checkpoints {
  /** Sequence number of the last record that is done with; `undefined` before the first. */
  last(shardId: string): string | undefined;
  /** Notes that everything up to and including this record was processed or discarded. */
  advance(shardId: string, sequenceNumber: string): void;
}

/** Checkpoints that end with the process, for a stream that does too. */
export class MemoryCheckpoints implements Checkpoints {
  private readonly lasts = new Map<string, string>();

  last(shardId: string): string | undefined {
    return this.lasts.get(shardId);
  }

  advance(shardId: string, sequenceNumber: string): void {
    this.lasts.set(shardId, sequenceNumber);
  }
}

/** Checkpoints in one JSON file, which is whole at any instant, so that the process may be killed at any. */
export class FileCheckpoints implements Checkpoints {
  private readonly lasts: Map<string, string>;

  /** @throws ConfigurationRefused when the file holds something else. */
  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.lasts = new Map(Object.entries(readLasts(path)));
  }

  last(shardId: string): string | undefined {
    return this.lasts.get(shardId);
  }

  /** Writes before it returns: what a killed process forgot would be processed once more for nothing. */
  advance(shardId: string, sequenceNumber: string): void {
    this.lasts.set(shardId, sequenceNumber);
    const unfinished = `${this.path}.new`;
    writeFileSync(unfinished, JSON.stringify(Object.fromEntries(this.lasts)));
    renameSync(unfinished, this.path);
  }
}

function readLasts(path: string): Readonly<Record<string, string>> {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, 'utf8');
  const lasts = parsed(text);
  if (isTexts(lasts)) return lasts;
  throw new ConfigurationRefused(`${path} does not hold checkpoints; remove it to read the stream again.`, {
    actual: text.slice(0, 200),
    expected: 'a JSON object from shard ids to sequence numbers',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((text) => typeof text === 'string');
