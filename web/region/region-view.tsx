import '../first-load';
import { Behind } from '../behind';
import { Heading } from '../heading';
import { StateMark } from '../icons';
import { shownRegion } from '../page-state';
import type { ViewOf } from '../view';
import { stateWords } from '../words';
import { Controls } from './controls';
import { LineList } from './line-list';
import { isLoaded, isThere, look, order, rows } from './list-state';
import { TableHead } from './table-head';

/** The facilities of a region, or of all. */
export default function RegionView({ view: { region } }: { readonly view: ViewOf<'region'> }) {
  return (
    <section class="region-view">
      <RegionHeading region={region} />
      <Controls />
      {order.isBehind.value && <Behind release={order.release} />}
      {rows.value.length === 0 ? <Nothing /> : <Facilities />}
    </section>
  );
}

function RegionHeading({ region }: { readonly region: string | undefined }) {
  const shown = region === undefined ? undefined : shownRegion(region);
  return (
    <div class="region-heading">
      <Heading>{region === undefined ? 'All facilities' : (shown?.name ?? region)}</Heading>
      {shown !== undefined && (
        <span class="region-badge" data-state={shown.totals.state}>
          <StateMark state={shown.totals.state} /> {stateWords[shown.totals.state]}
        </span>
      )}
    </div>
  );
}

function Facilities() {
  const { shape } = look.value;
  if (shape === 'tiles') {
    return (
      <div class="facilities data" data-shape={shape}>
        <LineList />
      </div>
    );
  }
  return (
    <div
      class="facilities data"
      data-shape={shape}
      role="table"
      aria-label="Facilities"
      aria-rowcount={rows.value.length + 1}
    >
      <TableHead />
      <LineList />
    </div>
  );
}

function Nothing() {
  const { search, status, reason, mark } = look.value;
  if (!isLoaded.value) return <p class="hint">Loading…</p>;
  if (!isThere.value) return <p class="hint">There is no such region, or you may not watch it.</p>;
  if (search.trim() !== '') return <p class="hint">No facility matches.</p>;
  if (status === 'offline' && reason === undefined && mark === undefined) {
    return <p class="hint">No facility is offline.</p>;
  }
  if (status || reason || mark) return <p class="hint">No facility is like that.</p>;
  return <p class="hint">No facility has sent a heartbeat yet.</p>;
}
