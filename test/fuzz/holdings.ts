import { setTimeout as sleep } from 'node:timers/promises';
import { deadLettersIn } from '../support/dead-letters';
import type { LocalServices } from '../support/local-services';
import { until } from '../support/waiting';

/** Longer than a function that is in the midst of something pauses between two writes. */
const quietMs = 600;
const lookEveryMs = 200;
const none: ReadonlySet<string> = new Set();
const quietWithinMs = 30_000;

/** All that a Rollcall has stored at one instant: its tables, and how many dead letters. */
export class Holdings {
  private constructor(
    private readonly tables: ReadonlyMap<string, ReadonlySet<string>>,
    private readonly deadLetters: number,
    private readonly atMs: number,
  ) {}

  static async of(services: LocalServices, data: string): Promise<Holdings> {
    return new Holdings(await services.holdings(), deadLettersIn(data).length, Date.now());
  }

  /** As soon as nothing has changed between two looks, nor has come over the stream. */
  static async whenQuiet(services: LocalServices, data: string): Promise<Holdings> {
    let before = await Holdings.of(services, data);
    return await until(quietWithinMs, 'a moment without a change', async () => {
      await sleep(quietMs);
      const after = await Holdings.of(services, data);
      const same = (await before.writtenBy(after, services)).length === 0;
      before = after;
      return same ? after : undefined;
    });
  }

  /** What is here and was not there, and what is gone; what expired by itself is no change. */
  private differencesFrom(before: Holdings): readonly string[] {
    const names = [...this.tables.keys()];
    return [
      ...names.flatMap((name) => {
        const now = this.tables.get(name) ?? none;
        const then = before.tables.get(name) ?? none;
        const added = [...now].filter((item) => !then.has(item));
        const removed = [...then].filter((item) => !now.has(item) && !expired(item, this.atMs));
        return [
          ...added.map((item) => `${name} has ${item.slice(0, 500)}`),
          ...removed.map((item) => `${name} lacks ${item.slice(0, 500)}`),
        ];
      }),
      ...(this.deadLetters === before.deadLetters
        ? []
        : [`${this.deadLetters - before.deadLetters} more dead letters`]),
    ];
  }

  /** Everything that was stored or put on the stream since, unless it is undone within some milliseconds. */
  async writtenUntil(ms: number, services: LocalServices, data: string): Promise<readonly string[]> {
    const giveUpMs = Date.now() + ms;
    for (;;) {
      const written = await this.writtenBy(await Holdings.of(services, data), services);
      if (written.length === 0 || Date.now() >= giveUpMs) return written;
      await sleep(lookEveryMs);
    }
  }

  private async writtenBy(after: Holdings, services: LocalServices): Promise<readonly string[]> {
    const records = await services.records(this.atMs);
    return [
      ...after.differencesFrom(this),
      ...records.map((record) => `the stream has ${record.slice(0, 300)}`),
    ];
  }
}

/** DynamoDB removes what has expired whenever it likes. */
function expired(item: string, nowMs: number): boolean {
  const { ttl } = JSON.parse(item) as { readonly ttl?: unknown };
  return typeof ttl === 'number' && ttl * 1_000 < nowMs;
}
