import { openLive, startHeartbeat } from '@rollcall/client';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ConnectivityState } from '../connectivity';
import type { Heartbeat, HeartbeatOptions } from '../heartbeat/heartbeat';
import type { FacilityWatch, RegionWatch } from '../live/handles';
import type { Live, LiveOptions } from '../live/live';
import type { LiveState } from '../live/state';
import type { AboutRegion } from '../live/translate';
import type { FacilityState, Present } from '../live/wire';
import type { PlaceOptions } from '../start';

/** Before anything has begun, as on a server. */
const notStarted: ConnectivityState = { connectivity: 'connecting', sinceMs: 0, reason: undefined };
const notOpened: LiveState = { status: 'connecting', sinceMs: 0, reason: undefined };
const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/** What a component shows of a region. */
export interface RegionView {
  readonly state: LiveState;
  /** By id; the same map until something in it changes. */
  readonly facilities: ReadonlyMap<string, FacilityState>;
  /** Name and totals; undefined before the first snapshot. */
  readonly about: AboutRegion | undefined;
}

/** What a component shows of a facility. */
export interface FacilityView {
  readonly state: LiveState;
  /** Who is there, by user; the same map until something in it changes. */
  readonly present: ReadonlyMap<string, Present>;
}

/**
 * Beats for as long as the component is there. It begins anew when the address, the region, the facilities, the interval or
 * the user change; other attributes are sent at once.
 */
export function useHeartbeat(options: HeartbeatOptions & PlaceOptions): ConnectivityState {
  const { url, region, facilities, interval, user, workerUrl, environment, attributes } = options;
  const latest = useLatest(options);
  const set = JSON.stringify(attributes);
  const told = useRef(set);
  const subject = JSON.stringify([url, region, facilities, interval, user, workerUrl]);
  const heartbeat = useOpened(
    // biome-ignore lint/correctness/useExhaustiveDependencies: `subject` stands for all that makes it another one
    useCallback((): Heartbeat => {
      const given = latest.current;
      told.current = JSON.stringify(given.attributes);
      return startHeartbeat({ ...given, getToken: (how) => latest.current.getToken(how) });
    }, [subject, environment]),
    leave,
  );
  useEffect(() => {
    if (set === undefined || set === told.current) return;
    told.current = set;
    heartbeat?.setAttributes(JSON.parse(set));
  }, [heartbeat, set]);
  const subscribe = useCallback(
    (changed: () => void) => heartbeat?.on('state', changed) ?? ignore,
    [heartbeat],
  );
  return useSyncExternalStore(
    subscribe,
    () => heartbeat?.state ?? notStarted,
    () => notStarted,
  );
}

/** A connection for as long as the component is there; undefined before. Hand it down to whatever watches over it. */
export function useLive(options: LiveOptions & PlaceOptions): Live | undefined {
  const { apiUrl, liveUrl, workerUrl, environment } = options;
  const latest = useLatest(options);
  const place = JSON.stringify([apiUrl, liveUrl, workerUrl]);
  return useOpened(
    // biome-ignore lint/correctness/useExhaustiveDependencies: `place` stands for all that makes it another one
    useCallback(
      () => openLive({ ...latest.current, getToken: (how) => latest.current.getToken(how) }),
      [place, environment],
    ),
    close,
  );
}

/** The facilities of a region, live. */
export function useRegion(live: Live | undefined, region: string): RegionView {
  const open = useCallback(() => live?.watchRegion({ region }), [live, region]);
  const watch = useOpened(open, close);
  const subscribe = useSubscription(watch);
  const { state, snapshot: facilities } = useShown(watch, subscribe);
  const about = useSyncExternalStore(
    subscribe,
    () => watch?.about,
    () => undefined,
  );
  return { state, facilities, about };
}

/** Who is present in a facility, live. */
export function useFacility(live: Live | undefined, region: string, facility: string): FacilityView {
  const open = useCallback(() => live?.watchFacility({ region, facility }), [live, region, facility]);
  const watch = useOpened(open, close);
  const { state, snapshot: present } = useShown(watch, useSubscription(watch));
  return { state, present };
}

type Subscribe = (changed: () => void) => () => void;

/** What is shown of either kind of watch. */
interface Shown<T> {
  readonly state: LiveState;
  snapshot(): ReadonlyMap<string, T>;
}

function useShown<T>(watch: Shown<T> | undefined, subscribe: Subscribe) {
  const state = useSyncExternalStore(
    subscribe,
    () => watch?.state ?? notOpened,
    () => notOpened,
  );
  const snapshot = useSyncExternalStore<ReadonlyMap<string, T>>(
    subscribe,
    () => watch?.snapshot() ?? nothing,
    () => nothing,
  );
  return { state, snapshot };
}

const ignore = (): void => undefined;
const leave = (heartbeat: Heartbeat): void => void heartbeat.leave();
const close = (opened: { close(): void }): void => opened.close();

/** Whatever a later call needs of the last render. */
function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}

/** Opens something after the component was shown, and ends it with it. */
function useOpened<T>(open: () => T | undefined, end: (opened: T) => void): T | undefined {
  const [opened, setOpened] = useState<T>();
  useEffect(() => {
    const one = open();
    setOpened(one);
    return () => {
      if (one !== undefined) end(one);
    };
  }, [open, end]);
  return opened;
}

const useSubscription = (watch: RegionWatch | FacilityWatch | undefined) =>
  useCallback(
    (changed: () => void) => {
      if (watch === undefined) return ignore;
      // Both kinds tell of the same two events.
      const { on } = watch as Pick<RegionWatch, 'on'>;
      const stops = [on.call(watch, 'state', changed), on.call(watch, 'change', changed)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [watch],
  );
