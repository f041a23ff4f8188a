import { computed, signal } from '@preact/signals';
import { memo } from 'preact/compat';
import { chosenRegion, feed, filter, offlineOnly, steppedNowMs } from './page-state';
import type { RegionFeed, ShownFacility } from './region-feed';
import { StateMark } from './state-mark';
import { ago, counted, fullTime, reasonWords, shortTime, statusWords } from './words';

/** More rows than this are laid out only when somebody asks for them. */
const rowsAtFirst = 500;
const allRows = signal(false);

interface Row {
  readonly key: string;
  readonly region: RegionFeed;
  readonly facility: ShownFacility;
}

const shownRegions = computed(() => {
  const { regions } = feed.value;
  const chosen = chosenRegion.value;
  if (chosen === undefined) return [...regions.values()];
  const region = regions.get(chosen);
  return region === undefined ? [] : [region];
});

/** Offline first, since that is what somebody has to act on; then by name. */
const rows = computed(() => {
  const wanted = filter.value.trim().toLowerCase();
  const found: Row[] = [];
  for (const region of shownRegions.value) {
    for (const facility of region.facilities.values()) {
      if (offlineOnly.value && facility.status === 'online') continue;
      if (!matches(facility, wanted)) continue;
      found.push({ key: `${region.region} ${facility.id}`, region, facility });
    }
  }
  return found.sort(byUrgency);
});

/** The facilities of the chosen region, or of all. */
export function FacilityList() {
  const found = rows.value;
  const shown = allRows.value ? found : found.slice(0, rowsAtFirst);
  const hidden = found.length - shown.length;
  return (
    <section class="facilities-part" aria-labelledby="facilities-heading">
      <Heading />
      <Choice count={found.length} />
      {found.length === 0 ? <Nothing /> : <Rows rows={shown} />}
      {hidden > 0 && (
        <button
          type="button"
          class="more"
          onClick={() => {
            allRows.value = true;
          }}
        >
          Show {hidden} more
        </button>
      )}
    </section>
  );
}

function Heading() {
  const chosen = chosenRegion.value;
  const name = chosen === undefined ? 'All regions' : (feed.value.regions.get(chosen)?.name ?? chosen);
  return (
    <div class="heading">
      <h2 id="facilities-heading">{name}</h2>
      {chosen !== undefined && <a href="#/">All regions</a>}
    </div>
  );
}

function Choice({ count }: { readonly count: number }) {
  return (
    <div class="choice">
      <label class="search">
        <span class="unseen">Find a facility</span>
        <input
          type="search"
          placeholder="Find a facility"
          value={filter.value}
          onInput={({ currentTarget }) => {
            filter.value = currentTarget.value;
          }}
        />
      </label>
      <label class="switch">
        <input
          type="checkbox"
          checked={offlineOnly.value}
          onChange={({ currentTarget }) => {
            offlineOnly.value = currentTarget.checked;
          }}
        />
        Offline only
      </label>
      <span class="count">{count === 1 ? '1 facility' : `${count} facilities`}</span>
    </div>
  );
}

function Nothing() {
  const regions = shownRegions.value;
  const loading =
    feed.value.listedAtMs === undefined || regions.some(({ loadedAtMs }) => loadedAtMs === undefined);
  if (loading) return <p class="hint">Loading…</p>;
  if (filter.value.trim() !== '') return <p class="hint">No facility matches.</p>;
  if (chosenRegion.value !== undefined && regions.length === 0) {
    return <p class="hint">There is no such region, or you may not watch it.</p>;
  }
  if (offlineOnly.value) return <p class="hint">No facility is offline.</p>;
  return <p class="hint">No facility has sent a heartbeat yet.</p>;
}

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  const nowMs = steppedNowMs.value;
  const withRegion = chosenRegion.value === undefined;
  return (
    <ul class="facilities">
      {rows.map(({ key, region, facility }) => (
        <FacilityRow
          key={key}
          facility={facility}
          regionName={withRegion ? region.name : undefined}
          nowMs={nowMs}
        />
      ))}
    </ul>
  );
}

interface FacilityRowProps {
  readonly facility: ShownFacility;
  readonly regionName: string | undefined;
  readonly nowMs: number;
}

/** Drawn again only when its facility changed or its age did: a region may have ten thousand of them. */
const FacilityRow = memo(({ facility, regionName, nowMs }: FacilityRowProps) => {
  const { id, name, status, reason, sessions, changedAtMs } = facility;
  const why = reasonWords(status, reason);
  return (
    <li class="facility" data-facility={id} data-status={status}>
      {changedAtMs !== undefined && <span key={changedAtMs} class="flash" aria-hidden="true" />}
      <StateMark state={status} />
      <span class="facility-name">
        <bdi>{name}</bdi> {regionName !== undefined && <span class="facility-region">{regionName}</span>}
      </span>
      <span class="facility-status">
        {statusWords[status]} {why !== '' && <span class="facility-why">{why}</span>}
      </span>
      <span class="facility-sessions">{status === 'online' ? counted(sessions, 'session') : ''}</span>
      <Since since={facility.since} nowMs={nowMs} />
    </li>
  );
});

function Since({ since, nowMs }: { readonly since: string; readonly nowMs: number }) {
  const sinceMs = Date.parse(since);
  return (
    <time class="facility-since" dateTime={since} title={fullTime(sinceMs)}>
      <span class="facility-clock">since {shortTime(sinceMs, nowMs)}</span>
      <span class="facility-age">{ago(sinceMs, nowMs)}</span>
    </time>
  );
}

const matches = ({ id, name }: ShownFacility, wanted: string): boolean =>
  wanted === '' || id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted);

const order = new Intl.Collator(undefined, { numeric: true });

const byUrgency = (a: Row, b: Row): number =>
  Number(a.facility.status === 'online') - Number(b.facility.status === 'online') ||
  order.compare(a.facility.name, b.facility.name) ||
  order.compare(a.key, b.key);
