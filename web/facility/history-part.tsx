import { lengthText } from '../times';
import { hashOf, type Span, spans, type ViewOf } from '../view';
import { shareText } from './timeline';
import { TimelineBar } from './timeline-bar';
import { Transitions } from './transitions';
import type { Availability, History, NotedWindow } from './wire';

export const spanWords: Readonly<Record<Span, string>> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
};

interface HistoryPartProps {
  readonly view: ViewOf<'facility'>;
  readonly history: History | undefined;
  readonly windows: readonly NotedWindow[] | undefined;
}

/** What became of a facility over a while: as a bar, in numbers, and one by one. */
export function HistoryPart({ view, history, windows }: HistoryPartProps) {
  return (
    <section class="part history data" aria-labelledby="history">
      <div class="part-head">
        <h2 id="history">History</h2>
        <Spans view={view} />
      </div>
      {history === undefined ? (
        <p class="quiet">Loading…</p>
      ) : (
        <>
          <TimelineBar history={history} windows={windows} />
          <AvailabilityFigures availability={history.availability} />
          <Transitions transitions={history.transitions} />
        </>
      )}
    </section>
  );
}

function Spans({ view }: { readonly view: ViewOf<'facility'> }) {
  return (
    <ul class="chips" aria-label="How far back">
      {spans.map((span) => (
        <li key={span}>
          <a
            class="chip"
            href={hashOf({ ...view, span })}
            aria-current={view.span === span ? 'true' : undefined}
          >
            {spanWords[span]}
          </a>
        </li>
      ))}
    </ul>
  );
}

function AvailabilityFigures({ availability }: { readonly availability: Availability }) {
  const { ratio, onlineMs, offlineMs, unknownMs, maintenanceMs } = availability;
  return (
    <dl class="availability">
      <Figure name="Availability" value={shareText(ratio)} isMain />
      <Figure name="Online" value={lengthText(onlineMs)} />
      <Figure name="Offline" value={lengthText(offlineMs)} />
      {maintenanceMs > 0 && <Figure name="In maintenance" value={lengthText(maintenanceMs)} />}
      {unknownMs > 60_000 && <Figure name="Not known" value={lengthText(unknownMs)} />}
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly isMain?: boolean;
}

function Figure({ name, value, isMain = false }: FigureProps) {
  return (
    <div data-main={isMain}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
