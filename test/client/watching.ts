import type { RollcallError } from '../../client/errors';
import type { Batch, FacilityWatch, RegionWatch } from '../../client/live/handles';
import { Live, type LiveOptions } from '../../client/live/live';
import type { LiveState } from '../../client/live/state';
import type { Watch } from '../../client/live/watch';
import type { FacilityState } from '../../client/live/wire';
import { FakeBrowser, FakeServer, type FakeTab, seeded, settled } from '../../client/testing';

/** A page that watches the region `north` of the fake server, and all that it was told. */
export class WatchingScene {
  readonly server = new FakeServer();
  readonly browser: FakeBrowser;
  readonly tab: FakeTab;
  readonly live: Live;
  readonly errors: RollcallError[] = [];
  readonly tokensAsked: boolean[] = [];

  constructor(options: Partial<LiveOptions> = {}, seed = 42) {
    this.browser = new FakeBrowser(this.server, { random: seeded(seed) });
    this.tab = this.browser.tab();
    const { apiUrl, liveUrl } = this.server;
    const getToken = ({ refresh }: { refresh: boolean }): string => {
      this.tokensAsked.push(refresh);
      return 'token';
    };
    this.live = new Live({ apiUrl, liveUrl, getToken, ...options }, this.tab.environment);
    this.live.on('error', (error) => this.errors.push(error));
  }

  async region(): Promise<WatchedNorth> {
    const watched = new WatchedNorth(this, this.live.watchRegion({ region: 'north' }));
    await settled();
    return watched;
  }

  async facility(facility = 'clinic-7'): Promise<FacilityWatch> {
    const watch = this.live.watchFacility({ region: 'north', facility });
    await settled();
    return watch;
  }

  async pass(ms: number): Promise<void> {
    await this.browser.pass(ms);
  }
}

/** What one page shows of `north`, held against the server at every moment. */
export class WatchedNorth {
  readonly states: LiveState[] = [];
  readonly batches: Batch<FacilityState>[] = [];
  /** What the batches make, applied to an empty map. */
  readonly replayed = new Map<string, FacilityState>();
  /** Whatever must not be. */
  readonly lies: string[] = [];
  private readonly newest = new Map<string, number>();
  /** The life that the page shows; versions of different lives have no order. */
  private epoch: string | null = null;
  private rightAtMs: number;

  constructor(
    private readonly scene: WatchingScene,
    readonly watch: RegionWatch,
  ) {
    this.rightAtMs = scene.browser.nowMs;
    watch.on('state', (state) => {
      this.states.push(state);
      this.judge();
    });
    watch.on('change', (batch) => {
      this.take(batch);
      this.judge();
    });
    const { ticks } = scene.tab.environment;
    ticks(() => this.judge());
  }

  get statuses(): readonly string[] {
    return this.states.map(({ status }) => status);
  }

  /** `clinic-7 online 3`, of the page and of the server. */
  get shown(): readonly string[] {
    return inWords(this.watch.snapshot().values());
  }

  get served(): readonly string[] {
    return inWords(this.scene.server.region('north').facilities.values());
  }

  /**
   * Whoever calls it live must have shown what the server had not long ago: a lost message is noticed by the next ping, and a proof
   * holds for thirty seconds.
   */
  judge(): void {
    const { nowMs } = this.scene.browser;
    if (isSame(this.shown, this.served)) this.rightAtMs = nowMs;
    const isLive = this.watch.state.status === 'live';
    if (isLive && nowMs - this.rightAtMs > 31_000) {
      this.lies.push(`live at ${nowMs}, last right at ${this.rightAtMs}`);
    }
    if (!isSame(inWords(this.replayed.values()), this.shown)) {
      this.lies.push('the batches make something else than the snapshot');
    }
  }

  private take({ changes }: Batch<FacilityState>): void {
    const { epoch } = (this.watch as unknown as { readonly watch: Watch }).watch;
    if (epoch !== this.epoch) this.newest.clear();
    this.epoch = epoch;
    for (const { id, before, after } of changes) {
      if (before !== this.replayed.get(id)) this.lies.push(`${id} was something else before`);
      if (after === undefined) {
        this.replayed.delete(id);
        continue;
      }
      this.replayed.set(id, after);
      const newest = this.newest.get(id) ?? 0;
      if (after.version < newest) this.lies.push(`${id} ${after.version} after ${newest}`);
      this.newest.set(id, after.version);
    }
    this.batches.push({ changes, isSnapshot: false });
  }
}

const inWords = (facilities: Iterable<FacilityState>): readonly string[] =>
  [...facilities].map(({ id, status, version }) => `${id} ${status} ${version}`).sort();

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
