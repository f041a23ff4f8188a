import { maintenanceWithin } from '../../core/maintenance';
import type { Span } from '../view';
import type { History, NotedWindow } from './wire';

const hourMs = 60 * 60_000;
export const spanMs: Readonly<Record<Span, number>> = {
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
  '90d': 90 * 24 * hourMs,
};

export interface Segment {
  readonly state: 'online' | 'offline' | 'unknown';
  readonly fromMs: number;
  readonly toMs: number;
}

type Told = Pick<History, 'from' | 'to' | 'asOf' | 'statusBefore' | 'transitions'>;

/** How a facility spent the window, without gaps. What is after as-of, after a removal, or before anything was known, is unknown. */
export function segmentsOf({ from, to, asOf, statusBefore, transitions }: Told): readonly Segment[] {
  const segments: Segment[] = [];
  const knownUntilMs = Math.min(Date.parse(to), Math.max(Date.parse(asOf), Date.parse(from)));
  let state: Segment['state'] = statusBefore ?? 'unknown';
  let sinceMs = Date.parse(from);
  const until = (untilMs: number): void => {
    if (untilMs > sinceMs) push(segments, { state, fromMs: sinceMs, toMs: untilMs });
    sinceMs = Math.max(sinceMs, untilMs);
  };
  for (const { status, reason, at } of transitions) {
    until(Math.min(Date.parse(at), knownUntilMs));
    state = reason === 'removed' ? 'unknown' : status;
  }
  until(knownUntilMs);
  state = 'unknown';
  until(Date.parse(to));
  return segments;
}

function push(segments: Segment[], next: Segment): void {
  const last = segments.at(-1);
  if (last?.state !== next.state) segments.push(next);
  else segments[segments.length - 1] = { ...last, toMs: next.toMs };
}

/**
 * Those of one state as they are drawn: none shorter than can be seen, and those that would touch then as one.
 * @param shortestMs how long a pixel or two last
 */
export function drawnSegments(
  segments: readonly Segment[],
  state: Segment['state'],
  shortestMs: number,
): readonly Segment[] {
  const drawn: Segment[] = [];
  for (const segment of segments) {
    if (segment.state !== state) continue;
    const last = drawn.at(-1);
    const toMs = Math.max(segment.toMs, segment.fromMs + shortestMs);
    if (last === undefined || segment.fromMs > last.toMs) drawn.push({ ...segment, toMs });
    else drawn[drawn.length - 1] = { ...last, toMs: Math.max(last.toMs, toMs) };
  }
  return drawn;
}

/** The maintenance windows within the window of a history. */
export const maintenanceOf = (
  { from, to }: Pick<History, 'from' | 'to'>,
  windows: readonly NotedWindow[] = [],
): readonly { readonly fromMs: number; readonly toMs: number }[] =>
  maintenanceWithin({ fromMs: Date.parse(from), toMs: Date.parse(to) }, windows);

/** A share in percent, never rounded up to one that it is not: 99.996 % is 99.99 %. */
export function shareText(ratio: number | null): string {
  if (ratio === null) return '–';
  const hundredths = Math.floor(ratio * 10_000 + 1e-9);
  return `${(hundredths / 100).toFixed(hundredths % 100 === 0 ? 0 : 2)} %`;
}

/** Where the axis has its marks: `count` of them between both ends, ends included. */
export const axisMarks = (fromMs: number, toMs: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => fromMs + ((toMs - fromMs) * index) / (count - 1));
