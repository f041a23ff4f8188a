import {
  type Batch,
  type FacilityState,
  type FacilityWatch,
  type Live,
  openLive,
  type RegionWatch,
} from '../client';
import { backoffMs } from '../client/backoff';
import { type Api, listRegions } from './api';
import type { Connection } from './connection';
import { regionsToWatch } from './regions';
import type { Tokens } from './sign-in/tokens';
import type { Shown, ShownRegion } from './truth';
import type { ListedRegion, PageConfig } from './wire';
import { workerUrl } from './worker-url';

/** A new region appears within this. A page that is always open asks for about a quarter of a dollar a month. */
const listEveryMs = 15_000;
const lookEveryMs = 1_000;
/** The operator may sign in again meanwhile. */
const afterFailureMs = 30_000;
/** Rights come with another token, of which there is none soon. */
const afterRefusalMs = 5 * 60_000;

/** What the page is told. */
export interface Listener {
  readonly show: (shown: Shown, serverNowMs: number) => void;
  readonly changed: (region: string, batch: Batch<FacilityState>) => void;
}

interface Watched {
  readonly listed: ListedRegion;
  readonly watch: RegionWatch;
}

/** Watches all regions that the operator may watch, for as long as the page is open. */
export class Watching implements Connection {
  private live: Live;
  private readonly timer: ReturnType<typeof setInterval>;
  private isOver = false;
  private listed: readonly ListedRegion[] | undefined;
  private listAtMs = 0;
  private listing = false;
  private failures = 0;
  private chosen: string | undefined;
  /** There is no such region for this operator. */
  private absent: string | undefined;
  private readonly watched = new Map<string, Watched>();
  private shown: ReadonlyMap<string, ShownRegion> = new Map();

  constructor(
    private readonly config: PageConfig,
    private readonly tokens: Tokens,
    readonly api: Api,
    private readonly listener: Listener,
  ) {
    this.live = this.open();
    this.timer = setInterval(() => this.look(), lookEveryMs);
    this.look();
  }

  /** For whoever signed out nothing is watched, shown, called or read out any more. */
  end(): void {
    this.isOver = true;
    clearInterval(this.timer);
    this.live.close();
    this.listed = undefined;
    this.watched.clear();
    this.show();
  }

  /** The operator looks at one region, or at all. */
  choose(region: string | undefined): void {
    this.chosen = region;
    this.absent = undefined;
    this.follow();
  }

  watchFacility(topic: { readonly region: string; readonly facility: string }): FacilityWatch {
    return this.live.watchFacility(topic);
  }

  private open(): Live {
    const { apiUrl, liveUrl } = this.config;
    const live = openLive({
      apiUrl,
      liveUrl,
      workerUrl: workerUrl(),
      getToken: ({ refresh }) => {
        if (refresh) this.tokens.drop();
        return this.tokens.current();
      },
    });
    live.on('state', ({ connectivity, reason }) => {
      const waitMs = reason === 'forbidden' ? afterRefusalMs : afterFailureMs;
      if (connectivity === 'failed') setTimeout(() => this.reopen(), waitMs);
      this.show();
    });
    live.on('error', warn);
    return live;
  }

  private reopen(): void {
    if (this.isOver) return;
    this.live.close();
    this.watched.clear();
    this.live = this.open();
    this.follow();
  }

  private look(): void {
    if (!this.listing && performance.now() >= this.listAtMs) void this.list();
    this.show();
  }

  private async list(): Promise<void> {
    this.listing = true;
    try {
      const listed = await listRegions(this.api);
      if (this.isOver) return;
      this.listed = listed;
      this.failures = 0;
      this.listAtMs = performance.now() + listEveryMs;
      this.letGo((watch) => watch.state.status === 'failed');
      this.follow();
    } catch (error) {
      warn(error);
      this.listAtMs = performance.now() + backoffMs(this.failures, Math.random());
      this.failures += 1;
    } finally {
      this.listing = false;
    }
  }

  /** Watches what is to be watched by now, and nothing else. */
  private follow(): void {
    if (this.listed === undefined) return;
    const chosen = this.chosen === this.absent ? undefined : this.chosen;
    const wanted = regionsToWatch(this.listed, chosen);
    const names = new Set(wanted.map(({ region }) => region));
    this.letGo((_, region) => !names.has(region));
    for (const listed of wanted) {
      const known = this.watched.get(listed.region);
      this.watched.set(listed.region, { listed, watch: known?.watch ?? this.watch(listed) });
    }
    this.show();
  }

  private letGo(isOver: (watch: RegionWatch, region: string) => boolean): void {
    for (const [region, { watch }] of [...this.watched]) {
      if (!isOver(watch, region)) continue;
      this.watched.delete(region);
      watch.close();
    }
  }

  private watch({ region }: ListedRegion): RegionWatch {
    const watch = this.live.watchRegion({ region });
    watch.on('change', (batch) => {
      this.listener.changed(region, batch);
      this.show();
    });
    watch.on('state', ({ reason }) => {
      if (reason === 'not-found' && region === this.chosen) {
        this.absent = region;
        this.follow();
      } else this.show();
    });
    return watch;
  }

  private show(): void {
    const regions = [...this.watched].map(
      ([region, watched]) => [region, sameOr(this.shown.get(region), shownOf(watched))] as const,
    );
    this.shown = new Map(regions);
    const { connectivity, reason } = this.live.state;
    const forbidden = connectivity === 'failed' && reason === 'forbidden';
    this.listener.show(
      { connectivity, forbidden, regions: this.listed && this.shown },
      this.live.serverNowMs(),
    );
  }
}

const shownOf = ({ listed, watch }: Watched): ShownRegion => ({
  region: listed.region,
  name: watch.about?.name ?? listed.name,
  totals: watch.about?.totals ?? listed.totals,
  facilities: watch.snapshot(),
  status: watch.state.status,
  asOfMs: watch.asOfMs,
  isLoaded: watch.isLoaded,
});

/** The object that there is already, if it says the same. */
const sameOr = (before: ShownRegion | undefined, after: ShownRegion): ShownRegion =>
  before && (Object.keys(after) as (keyof ShownRegion)[]).every((key) => before[key] === after[key])
    ? before
    : after;

/** Everything is tried again by its own rhythm, and the banner says what is not proved. */
const warn = (error: unknown): void => console.warn('Rollcall: trying again after', error);
