import { steppedNowMs } from '../page-state';
import { mayManage } from '../sign-in/rights';
import { Moment } from '../time';
import { lengthText } from '../times';
import { hashOf } from '../view';
import type { NotedWindow } from './wire';

interface MaintenancePartProps {
  readonly region: string;
  readonly facility: string;
  readonly windows: readonly NotedWindow[] | undefined;
  readonly isRead: boolean;
}

/** When a facility is not to be missed. */
export function MaintenancePart({ region, facility, windows = [], isRead }: MaintenancePartProps) {
  const nowMs = steppedNowMs.value;
  const ahead = windows
    .filter(({ to }) => Date.parse(to) > nowMs)
    .toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  return (
    <section class="part maintenance data" aria-labelledby="maintenance">
      <h2 id="maintenance">Maintenance</h2>
      {ahead.length === 0 ? (
        <p class="quiet">{isRead ? 'None is planned.' : 'Loading…'}</p>
      ) : (
        <ul>
          {ahead.map((window) => (
            <WindowItem key={`${window.from} ${window.to}`} window={window} nowMs={nowMs} />
          ))}
        </ul>
      )}
      {mayManage(region, facility) && (
        <a class="button" href={hashOf({ name: 'registry', region, facility })}>
          Set maintenance
        </a>
      )}
    </section>
  );
}

function WindowItem({
  window: { from, to, note },
  nowMs,
}: {
  readonly window: NotedWindow;
  readonly nowMs: number;
}) {
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  return (
    <li>
      <strong>{fromMs <= nowMs ? 'Now' : `In ${lengthText(fromMs - nowMs)}`}</strong>{' '}
      {note !== undefined && <bdi>{note}</bdi>}
      <span class="window-times">
        <Moment atMs={fromMs} brief /> to <Moment atMs={toMs} brief />
      </span>
    </li>
  );
}
