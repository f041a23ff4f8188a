import { inMaintenance } from '../../core/maintenance';
import { Icon, StateMark } from '../icons';
import { Moment } from '../time';
import { agoText } from '../times';
import type { FacilityState } from '../wire';
import { numberText, reasonText, stateWords } from '../words';
import type { Slide } from './slides';

interface RegionSlideProps {
  readonly slide: Extract<Slide, { readonly kind: 'region' }>;
  readonly nowMs: number;
}

/** One region: how many are online, and which are not, since when and why. */
export function RegionSlide({ slide, nowMs }: RegionSlideProps) {
  const { region, offline, page, pages, hidden } = slide;
  const { totals } = region;
  return (
    <>
      <h1 class="tv-title" data-state={totals.state}>
        <StateMark state={totals.state} /> <bdi>{region.name}</bdi>
        <span class="tv-beside">
          {stateWords[totals.state]}
          {pages > 1 && ` · ${page + 1} of ${pages}`}
        </span>
      </h1>
      <p class="tv-total" data-state={totals.state}>
        <span class="tv-total-count">{numberText(totals.online)}</span>
        <span class="tv-of"> of {numberText(totals.facilities)} online</span>
      </p>
      {offline.length === 0 ? (
        <p class="tv-all-well">{totals.facilities === 0 ? 'No facilities yet' : 'Nothing is offline'}</p>
      ) : (
        <ul class="tv-offline">
          {offline.map((facility) => (
            <OfflineItem key={facility.id} facility={facility} nowMs={nowMs} />
          ))}
        </ul>
      )}
      {hidden > 0 && <p class="tv-hidden">and {numberText(hidden)} more offline</p>}
    </>
  );
}

function OfflineItem({ facility, nowMs }: { readonly facility: FacilityState; readonly nowMs: number }) {
  const { name, status, reason, since, maintenanceWindows } = facility;
  const sinceMs = Date.parse(since);
  const isExpected = inMaintenance(maintenanceWindows, nowMs);
  return (
    <li class="tv-facility" data-expected={isExpected}>
      {isExpected ? (
        <span class="tv-expected">
          <Icon name="maintenance" />
        </span>
      ) : (
        <StateMark state={status} />
      )}
      <span class="tv-facility-name">
        <bdi>{name}</bdi>
      </span>
      <span class="tv-facility-age">{agoText(sinceMs, nowMs)}</span>
      <span class="tv-facility-why">
        {isExpected ? 'In maintenance' : capital(reasonText(status, reason))} · since{' '}
        <Moment atMs={sinceMs} />
      </span>
    </li>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
