import '../first-load';
import { Heading } from '../heading';
import { Icon, StateMark } from '../icons';
import { isInMaintenance } from '../maintenance';
import { shown, shownRegion, steppedNowMs } from '../page-state';
import { Moment } from '../time';
import { lengthText } from '../times';
import type { ViewOf } from '../view';
import type { FacilityState } from '../wire';
import { counted, markWords, reasonText, statusWords } from '../words';
import { useFacilityData } from './facility-data';
import { HistoryPart } from './history-part';
import { MaintenancePart } from './maintenance-part';
import { RegistryPart } from './registry-part';
import { UsersPart } from './users-part';
import { WhyPart } from './why-part';

/** One facility: its status and why, who is there, what became of it, and its maintenance. */
export default function FacilityView({ view }: { readonly view: ViewOf<'facility'> }) {
  const { region, facility: id, span } = view;
  const data = useFacilityData({ region, facility: id }, span);
  const facility = shownRegion(region)?.facilities.get(id);
  if (facility === undefined) return <Missing region={region} id={id} />;
  const answer = data.answer.value;
  return (
    <section class="facility-view">
      <Head facility={facility} />
      {data.isBehind.value && (
        <p class="hint" data-behind>
          Why, history and maintenance could not be read just now. It is tried again.
        </p>
      )}
      <div class="facility-parts">
        <WhyPart facility={facility} why={answer?.why} />
        <UsersPart
          present={data.present.value}
          isDoubted={data.isPresentDoubted.value}
          count={facility.users}
        />
        <HistoryPart view={view} history={data.history.value} windows={answer?.registry?.maintenance} />
        <MaintenancePart
          region={region}
          facility={id}
          windows={answer?.registry?.maintenance}
          isRead={answer !== undefined}
        />
        <RegistryPart id={id} registry={answer?.registry} />
      </div>
    </section>
  );
}

function Missing({ region, id }: { readonly region: string; readonly id: string }) {
  const isLoaded = shown.value.regions !== undefined && shownRegion(region)?.isLoaded !== false;
  return (
    <section class="facility-view">
      <Heading>{id}</Heading>
      <p class="hint">{isLoaded ? 'There is no such facility, or you may not watch it.' : 'Loading…'}</p>
    </section>
  );
}

function Head({ facility }: { readonly facility: FacilityState }) {
  const { id, name, status, reason, since, sessions, users } = facility;
  const sinceMs = Date.parse(since);
  const why = reasonText(status, reason);
  return (
    <div class="facility-head data" data-facility={id} data-status={status}>
      <div class="facility-title">
        <Heading>{name}</Heading>
        {name !== id && <code>{id}</code>}
        <FacilityMarks facility={facility} />
      </div>
      <p class="facility-now">
        <StateMark state={status} />
        <strong>{statusWords[status]}</strong>
        {why !== '' && <span class="quiet">· {why}</span>}
        <span>
          {lengthOf(sinceMs)}, since <Moment atMs={sinceMs} />
        </span>
        <span class="facility-count">
          {counted(sessions, 'session')} · {counted(users, 'user')}
        </span>
      </p>
    </div>
  );
}

const lengthOf = (sinceMs: number): string => {
  const ms = steppedNowMs.value - sinceMs;
  return ms < 60_000 ? 'for less than a minute' : `for ${lengthText(ms)}`;
};

function FacilityMarks({ facility }: { readonly facility: FacilityState }) {
  return (
    <>
      {isInMaintenance(facility, steppedNowMs.value) && (
        <span class="badge" data-badge="maintenance">
          <Icon name="maintenance" /> {markWords.maintenance}
        </span>
      )}
      {facility.flapping && (
        <span class="badge" data-badge="flapping">
          <Icon name="flapping" /> {markWords.flapping}: six changes within an hour
        </span>
      )}
    </>
  );
}
