import { chosenRegion, feed } from './page-state';
import type { RegionFeed } from './region-feed';
import { StateMark } from './state-mark';
import { stateWords, totalsWords } from './words';

/** All regions, by name; each leads to its facilities. */
export function RegionList() {
  const regions = [...feed.value.regions.values()].toSorted(byName);
  if (feed.value.listedAtMs === undefined) return <p class="hint">Loading regions…</p>;
  if (regions.length === 0) return <p class="hint">There is no region that you may watch yet.</p>;
  return (
    <nav aria-label="Regions">
      <ul class="regions">
        {regions.map((region) => (
          <RegionItem key={region.region} region={region} chosen={region.region === chosenRegion.value} />
        ))}
      </ul>
    </nav>
  );
}

function RegionItem({ region, chosen }: { readonly region: RegionFeed; readonly chosen: boolean }) {
  const { state } = region.totals;
  return (
    <li>
      <a
        class="region"
        href={`#/${region.region}`}
        data-region={region.region}
        data-state={state}
        aria-current={chosen ? 'page' : undefined}
      >
        <StateMark state={state} />
        <span class="region-name">{region.name}</span>
        <span class="region-totals">{totalsWords(region.totals)}</span>
        <span class="region-state">{stateWords[state]}</span>
      </a>
    </li>
  );
}

const order = new Intl.Collator(undefined, { numeric: true });

const byName = (a: RegionFeed, b: RegionFeed): number =>
  order.compare(a.name, b.name) || (a.region < b.region ? -1 : 1);
