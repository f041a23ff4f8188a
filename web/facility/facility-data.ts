import { computed, effect, signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { FacilityWatch, LiveStatus } from '../../client';
import type { Api } from '../api';
import type { Connection } from '../connection';
import { connection, serverNowMs, shownRegion } from '../page-state';
import type { Span } from '../view';
import { spanMs } from './timeline';
import type { FacilityAnswer, History, Present } from './wire';

/** What leases and history say moves on also while no change is told. */
const refreshMs = 20_000;
const afterFailureMs = 5_000;

interface Place {
  readonly region: string;
  readonly facility: string;
}

/** What a facility's view shows besides what the page watches anyway. */
export class FacilityData {
  readonly answer = signal<FacilityAnswer | undefined>(undefined);
  readonly history = signal<History | undefined>(undefined);
  /** Who is present, live; undefined before it is known. */
  readonly present = signal<readonly Present[] | undefined>(undefined);
  /** Whether nobody vouches for that: it is not {@link present} that the banner speaks of, but the region. */
  readonly isPresentDoubted = signal(false);
  /** Whether what is shown could not be read again. */
  readonly isBehind = signal(false);
  private readonly span = signal<Span>('24h');
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: FacilityWatch | undefined;
  /** Of what is read at the same time the last counts. */
  private reading = 0;

  constructor(private readonly place: Place) {}

  /** How far back the history goes from now on. */
  lookBack(span: Span): void {
    this.span.value = span;
  }

  /** Reads everything, and again whenever the facility has changed. @returns ends it */
  start(): () => void {
    const { region, facility } = this.place;
    const version = computed(() => shownRegion(region)?.facilities.get(facility)?.version);
    const stop = effect(() => {
      const connected = connection.value;
      // Another version of the facility has another why.
      version.value;
      const span = this.span.value;
      if (connected !== undefined) void this.read(connected, span);
    });
    return () => {
      this.reading = Number.POSITIVE_INFINITY;
      stop();
      clearTimeout(this.timer);
      const { watch } = this;
      this.watch = undefined;
      watch?.close();
    };
  }

  /** Watches, also where an earlier watch is over: it was turned away, or the page has opened another connection since. */
  private keepWatching(connected: Connection): void {
    if (this.watch && !isOver(this.watch)) return;
    this.watch?.close();
    const watch = connected.watchFacility(this.place);
    this.watch = watch;
    const show = (): void => {
      if (watch !== this.watch) return;
      if (watch.isLoaded) this.present.value = [...watch.snapshot().values()];
      this.isPresentDoubted.value = !proved.includes(watch.state.status);
    };
    watch.on('change', show);
    watch.on('state', show);
    show();
  }

  private async read(connected: Connection, span: Span): Promise<void> {
    clearTimeout(this.timer);
    this.keepWatching(connected);
    this.reading += 1;
    const { reading } = this;
    const read = await this.attempt(connected.api, span);
    if (reading !== this.reading) return;
    this.isBehind.value = read === undefined;
    if (read !== undefined) {
      this.answer.value = read.answer;
      this.history.value = read.history;
    }
    const waitMs = read === undefined ? afterFailureMs : refreshMs;
    this.timer = setTimeout(() => void this.read(connected, span), waitMs);
  }

  private async attempt(api: Api, span: Span) {
    const { region, facility } = this.place;
    const toMs = serverNowMs.peek();
    const path = `/v1/regions/${encodeURIComponent(region)}/facility`;
    const id = new URLSearchParams({ id: facility });
    const window = { from: instant(toMs - spanMs[span]), to: instant(toMs) };
    try {
      const [answer, history] = await Promise.all([
        api.get<FacilityAnswer>(`${path}?${id}`),
        api.get<History>(`${path}/history?${id}&${new URLSearchParams(window)}`),
      ]);
      return { answer, history };
    } catch (error) {
      // The view says so, and it is tried again.
      console.warn('Rollcall: trying again after', error);
      return undefined;
    }
  }
}

const proved: readonly LiveStatus[] = ['live', 'delayed'];
const isOver = ({ state: { status } }: FacilityWatch): boolean => status === 'failed' || status === 'closed';

const instant = (atMs: number): string => new Date(atMs).toISOString();

/** Another facility has data of its own. */
export function useFacilityData({ region, facility }: Place, span: Span): FacilityData {
  const data = useMemo(() => new FacilityData({ region, facility }), [region, facility]);
  useLayoutEffect(() => data.lookBack(span), [data, span]);
  useEffect(() => data.start(), [data]);
  return data;
}
