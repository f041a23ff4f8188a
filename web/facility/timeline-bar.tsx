import { clockText, dateText, lengthText } from '../times';
import { axisMarks, drawnSegments, maintenanceOf, type Segment, segmentsOf } from './timeline';
import type { History, NotedWindow } from './wire';

/** The bar is so many units wide, whatever it is stretched to; nothing on it is narrower than two. */
const width = 1_000;
const narrowest = 2;
const height = 28;

interface TimelineBarProps {
  readonly history: History;
  readonly windows: readonly NotedWindow[] | undefined;
}

/** When a facility was online, offline, or nobody knows. The list below says the same in words. */
export function TimelineBar({ history, windows }: TimelineBarProps) {
  const fromMs = Date.parse(history.from);
  const toMs = Date.parse(history.to);
  const segments = segmentsOf(history);
  const shortestMs = ((toMs - fromMs) * narrowest) / width;
  const place = (segment: { readonly fromMs: number; readonly toMs: number }) => {
    const x = (width * (segment.fromMs - fromMs)) / (toMs - fromMs);
    return { x, width: (width * (segment.toMs - segment.fromMs)) / (toMs - fromMs), height };
  };
  const drawn = (state: Segment['state']) =>
    drawnSegments(segments, state, shortestMs).map((segment) => (
      <rect key={segment.fromMs} class={`was-${state}`} {...place(segment)} />
    ));
  return (
    <figure class="timeline">
      <svg
        viewBox={`0 0 ${width} ${height + 6}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary(segments)}
      >
        {drawn('unknown')}
        {drawn('online')}
        {drawn('offline')}
        {maintenanceOf(history, windows).map((window) => (
          <rect key={window.fromMs} class="was-maintained" y={height + 2} {...place(window)} height={4} />
        ))}
      </svg>
      <Axis fromMs={fromMs} toMs={toMs} />
      <Legend />
    </figure>
  );
}

function Axis({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) {
  const isLong = toMs - fromMs > 25 * 60 * 60_000;
  return (
    <ol class="axis" aria-hidden="true">
      {axisMarks(fromMs, toMs, 5).map((atMs) => (
        <li key={atMs}>{isLong ? dateText(atMs) : clockText(atMs, atMs).slice(0, 5)}</li>
      ))}
    </ol>
  );
}

function Legend() {
  return (
    <figcaption class="legend">
      <span class="key" data-key="online">
        Online
      </span>
      <span class="key" data-key="offline">
        Offline
      </span>
      <span class="key" data-key="unknown">
        Not known
      </span>
      <span class="key" data-key="maintained">
        Maintenance
      </span>
    </figcaption>
  );
}

function summary(segments: readonly Segment[]): string {
  const outages = segments.filter(({ state }) => state === 'offline');
  const longestMs = Math.max(0, ...outages.map(({ fromMs, toMs }) => toMs - fromMs));
  if (outages.length === 0) return 'Never offline in this time';
  return `Offline ${outages.length === 1 ? 'once' : `${outages.length} times`}, at longest for ${lengthText(longestMs)}`;
}
