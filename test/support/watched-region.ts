import { type Beat, beatLimits } from '../../core/beat';
import type { Snapshot } from '../../web/wire';
import { LiveFeed } from './live-feed';
import type { Answer, Reached } from './reached';
import { patience } from './waiting';

/** A beat as a front end spells it. */
export type BeatWords = Omit<Beat, 'region' | 'attributes'> & { readonly attributes?: object };

/** What the endpoint says of a beat that it took. */
export interface Receipt {
  readonly next: number;
  readonly serverTime: string;
  readonly leaseUntil: string;
}

/** One of several answers. */
export type BeatResult = Partial<Receipt> & { readonly status: number; readonly field?: string };

/** A region with a front end that may report for all of it, and an operator who watches it. */
export class WatchedRegion {
  private constructor(
    private readonly rollcall: Reached,
    readonly name: string,
    readonly token: string,
    readonly feed: LiveFeed,
  ) {}

  static async of(rollcall: Reached, name: string): Promise<WatchedRegion> {
    const all = { [name]: ['*'] };
    const token = await rollcall.token({ provide: all, watch: all, manage: all });
    const feed = await LiveFeed.open(rollcall, token);
    await feed.subscribe(name);
    return new WatchedRegion(rollcall, name, token, feed);
  }

  async beat(beat: BeatWords): Promise<Answer<Receipt>> {
    return await this.send(this.inRegion(beat));
  }

  /** Brings a facility online for longer than any test takes. @returns how long it took until the operator heard of it */
  async join(facility: string): Promise<number> {
    const sentMs = Date.now();
    await this.beat({ sessionId: facility, facilities: [facility], next: beatLimits.maxNextSeconds });
    return (await this.feed.change(facility, { status: 'online' }, patience)).heardAtMs - sentMs;
  }

  /** Several sessions' beats in one request. */
  async beats(beats: readonly BeatWords[]): Promise<Answer<{ readonly results: readonly BeatResult[] }>> {
    return await this.send(beats.map((beat) => this.inRegion(beat)));
  }

  /** Whatever this is, with the token of the front end. */
  async send<T>(body: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const authorization = `Bearer ${this.token}`;
    return await this.rollcall.post<T>('/heartbeat', body, { authorization, ...headers });
  }

  async snapshot(): Promise<Snapshot> {
    return (await this.rollcall.get<Snapshot>(`/v1/regions/${this.name}`, this.token)).body;
  }

  private inRegion(beat: BeatWords): object {
    return { region: this.name, ...beat };
  }
}
