import type { Answer, Caller } from '../call';
import type { Snapshot } from './log';
import { snapshotOfPresence, snapshotOfRegion } from './translate';
import type { PresencePage, SnapshotPage, Topic } from './wire';

/** Browsers open six connections to a host; two are left for the page itself. */
const atOnce = 4;

/** What became of reading the whole of a topic. */
export type Loaded = { readonly snapshot: Snapshot } | Exclude<Answer, { type: 'done' }>;

/** Reads snapshots over HTTP, a few at a time. */
export class Snapshots {
  readonly #caller: Caller;
  readonly #apiUrl: string;
  readonly #due: Topic[] = [];
  #underWay = 0;

  constructor(caller: Caller, apiUrl: string) {
    this.#caller = caller;
    this.#apiUrl = apiUrl;
  }

  /** @param arrived is told what became of it */
  fetch(topic: Topic, arrived: (topic: Topic, loaded: Loaded) => void): void {
    this.#due.push(topic);
    void this.#work(arrived);
  }

  async #work(arrived: (topic: Topic, loaded: Loaded) => void): Promise<void> {
    while (this.#underWay < atOnce) {
      const topic = this.#due.shift();
      if (topic === undefined) return;
      this.#underWay += 1;
      const loaded = await this.#read(topic);
      this.#underWay -= 1;
      arrived(topic, loaded);
    }
  }

  async #read(topic: Topic): Promise<Loaded> {
    const { region, facility } = topic;
    const ofRegion = `${this.#apiUrl}/v1/regions/${encodeURIComponent(region)}`;
    const url =
      facility === undefined ? `${ofRegion}?` : `${ofRegion}/facility?id=${encodeURIComponent(facility)}&`;
    const pages: unknown[] = [];
    for (let next: string | undefined; next !== undefined || pages.length === 0; ) {
      const page = next === undefined ? '' : `page=${encodeURIComponent(next)}`;
      const answer = await this.#caller.call(url + page);
      if (answer.type !== 'done') return facility !== undefined && isAbsent(answer) ? nobody() : answer;
      pages.push(answer.body);
      ({ next } = answer.body as { readonly next?: string });
    }
    return facility === undefined
      ? wholeRegion(pages as [SnapshotPage])
      : { snapshot: snapshotOfPresence(pages as [PresencePage]) };
  }
}

/** Nobody has ever been in such a facility, or it may not be watched; subscribing tells which. */
const isAbsent = ({ reason }: Answer): boolean => reason === 'not-found';

const nobody = (): Loaded => ({
  snapshot: snapshotOfPresence([{ presenceSeq: 0, present: [] }]),
});

const wholeRegion = (pages: readonly [SnapshotPage, ...SnapshotPage[]]): Loaded =>
  pages.some(({ epoch }) => epoch !== pages[0].epoch)
    ? { type: 'again', reason: 'busy', afterMs: 0, detail: 'torn snapshot' }
    : { snapshot: snapshotOfRegion(pages) };
