import { computed, effect, signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { FacilityWatch } from '../../client';
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
  /** Whether what is shown could not be read again. */
  readonly isBehind = signal(false);
  private readonly span = signal<Span>('24h');
  private timer: ReturnType<typeof setTimeout> | undefined;
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
    let watch: FacilityWatch | undefined;
    const stop = effect(() => {
      const connected = connection.value;
      // Another version of the facility has another why.
      version.value;
      const span = this.span.value;
      if (connected === undefined) return;
      watch ??= this.watch(connected);
      void this.read(connected.api, span);
    });
    return () => {
      this.reading = Number.POSITIVE_INFINITY;
      stop();
      clearTimeout(this.timer);
      watch?.close();
    };
  }

  private watch(connected: Connection): FacilityWatch {
    const watch = connected.watchFacility(this.place);
    const show = (): void => {
      if (watch.isLoaded) this.present.value = [...watch.snapshot().values()];
    };
    watch.on('change', show);
    watch.on('state', show);
    show();
    return watch;
  }

  private async read(api: Api, span: Span): Promise<void> {
    clearTimeout(this.timer);
    this.reading += 1;
    const { reading } = this;
    const read = await this.attempt(api, span);
    if (reading !== this.reading) return;
    this.isBehind.value = read === undefined;
    if (read !== undefined) {
      this.answer.value = read.answer;
      this.history.value = read.history;
    }
    const waitMs = read === undefined ? afterFailureMs : refreshMs;
    this.timer = setTimeout(() => void this.read(api, span), waitMs);
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

const instant = (atMs: number): string => new Date(atMs).toISOString();

/** Another facility has data of its own. */
export function useFacilityData({ region, facility }: Place, span: Span): FacilityData {
  const data = useMemo(() => new FacilityData({ region, facility }), [region, facility]);
  useLayoutEffect(() => data.lookBack(span), [data, span]);
  useEffect(() => data.start(), [data]);
  return data;
}
