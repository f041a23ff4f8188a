import type { Batch } from '../../client/live/handles';
import { isInMaintenance } from '../maintenance';
import type { FacilityState, Reason, Status } from '../wire';

/** One facility that came or went. */
export interface News {
  readonly region: string;
  readonly facility: string;
  readonly name: string;
  /** Undefined for one that was removed. */
  readonly status: Status | undefined;
  readonly reason: Reason;
  readonly atMs: number;
  /** In maintenance it is not missed: nobody is called for it. */
  readonly isQuiet: boolean;
}

/** What is told at once: of one facility, or of many of a region that did the same together. */
export interface Notice extends Pick<News, 'region' | 'status' | 'reason' | 'isQuiet'> {
  readonly id: number;
  /** When it happened; of many, the first. */
  readonly atMs: number;
  /** When the page heard of it last. */
  readonly heardAtMs: number;
  readonly facilities: readonly string[];
  /** Those of them that were heard of last; the others may have changed again since. */
  readonly latest: readonly string[];
  /** Of the first facility. */
  readonly name: string;
}

/** So many of a region are told one by one; what exceeds them within {@link togetherMs} makes all of them one notice. */
export const mostOneByOne = 3;
const togetherMs = 60_000;
const keptNotices = 50;

/**
 * What of a batch somebody may want to know: changes of a status, not what was only read for the first time. Whatever changed while
 * the link was lost is news, whether it comes from the log or from a snapshot.
 */
export function newsOf(
  region: string,
  { changes, isSnapshot }: Batch<FacilityState>,
  nowMs: number,
): readonly News[] {
  return changes.flatMap(({ id, before, after }) => {
    const facility = after ?? before;
    if (facility === undefined || before?.status === after?.status) return [];
    if (isSnapshot && before === undefined) return [];
    return {
      region,
      facility: id,
      name: facility.name,
      status: after?.status,
      reason: facility.reason,
      atMs: Date.parse(facility.since),
      isQuiet: isInMaintenance(facility, nowMs),
    };
  });
}

/** The notices, latest first, and those among them that tell something new. */
export interface Told {
  readonly notices: readonly Notice[];
  readonly fresh: readonly Notice[];
}

/** Adds what was heard at once to what was told before. A region-wide event is one notice that grows, not five hundred. */
export function tell(before: readonly Notice[], news: readonly News[], nowMs: number): Told {
  let notices = before;
  const fresh: Notice[] = [];
  let nextId = 1 + Math.max(0, ...before.map(({ id }) => id));
  for (const alike of byKind(news)) {
    const told = withAlike(notices, alike, nowMs, () => nextId++);
    notices = told.notices;
    fresh.push(...told.fresh);
  }
  return { notices: notices.slice(0, keptNotices), fresh };
}

type Kind = Pick<News, 'region' | 'status' | 'isQuiet'>;
const kindOf = ({ region, status, isQuiet }: Kind): string => `${region} ${status} ${isQuiet}`;

function byKind(news: readonly News[]): Iterable<readonly News[]> {
  const kinds = new Map<string, News[]>();
  for (const item of news) {
    const alike = kinds.get(kindOf(item));
    if (alike === undefined) kinds.set(kindOf(item), [item]);
    else alike.push(item);
  }
  return kinds.values();
}

function withAlike(
  notices: readonly Notice[],
  news: readonly News[],
  nowMs: number,
  newId: () => number,
): Told {
  const [first] = news;
  if (first === undefined) return { notices, fresh: [] };
  const isRecent = (notice: Notice): boolean =>
    kindOf(notice) === kindOf(first) && nowMs - notice.heardAtMs < togetherMs;
  const recent = notices.filter(isRecent);
  const single = news.map((item) => noticeOf(item, newId(), nowMs)).toReversed();
  const count = recent.reduce((sum, { facilities }) => sum + facilities.length, 0) + news.length;
  if (count <= mostOneByOne) return { notices: [...single, ...notices], fresh: single };
  const latest = news.map(({ facility }) => facility);
  const whole = { ...together([...recent.toReversed(), ...single.toReversed()], nowMs), latest };
  return { notices: [whole, ...notices.filter((notice) => !isRecent(notice))], fresh: [whole] };
}

const noticeOf = ({ facility, ...rest }: News, id: number, heardAtMs: number): Notice => ({
  ...rest,
  id,
  heardAtMs,
  facilities: [facility],
  latest: [facility],
});

/** @param parts oldest first */
function together(parts: readonly Notice[], heardAtMs: number): Notice {
  const [first] = parts;
  if (first === undefined) throw new RangeError('nothing to put together');
  const facilities = [...new Set(parts.flatMap((part) => part.facilities))];
  return { ...first, atMs: Math.min(...parts.map(({ atMs }) => atMs)), heardAtMs, facilities };
}
