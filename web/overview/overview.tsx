import { computed } from '@preact/signals';
import { Behind } from '../behind';
import { Heading } from '../heading';
import { StateMark } from '../icons';
import { plainLook } from '../look';
import { view } from '../navigation';
import { shown } from '../page-state';
import { SteadyOrder } from '../steady-order';
import type { ShownRegion } from '../truth';
import { hashOf, regionStates, type ViewOf } from '../view';
import type { RegionState } from '../wire';
import { numberText, stateWords } from '../words';
import { RegionRow } from './region-row';
import { type Whole, wholeOf, worstFirst } from './worst-first';

const regions = computed(() => shown.value.regions ?? new Map<string, ShownRegion>());
const whole = computed(() => wholeOf(regions.value.values()));
const wantedState = computed(() => (view.value.name === 'overview' ? view.value.state : undefined));
const sorted = computed(() =>
  worstFirst(regions.value.values())
    .filter(({ totals }) => wantedState.value === undefined || totals.state === wantedState.value)
    .map(({ region }) => region),
);
const order = new SteadyOrder(sorted);
const keys = computed(() => order.held.value ?? sorted.value);

/** All regions, the worst first, and what they add up to; each number leads to what it counts. */
export function Overview({ view: { state } }: { readonly view: ViewOf<'overview'> }) {
  return (
    <section class="overview">
      <Heading>Overview</Heading>
      <Totals whole={whole.value} chosen={state} />
      <Regions />
    </section>
  );
}

function Totals({ whole, chosen }: { readonly whole: Whole; readonly chosen: RegionState | undefined }) {
  const { facilities, online, offline } = whole;
  return (
    <div class="totals">
      <ul class="figures" aria-label="Facilities">
        <Figure count={offline} word="offline" tone="offline" to={{ ...plainLook, status: 'offline' }} />
        <Figure count={online} word="online" tone="online" to={{ ...plainLook, status: 'online' }} />
        <Figure count={facilities} word="facilities" to={plainLook} />
      </ul>
      <ul class="chips" aria-label="Regions">
        <StateChip word="All regions" count={sum(whole.regions.values())} isChosen={chosen === undefined} />
        {regionStates.map((state) => {
          const count = whole.regions.get(state) ?? 0;
          if (count === 0 && state !== chosen) return null;
          const chip = { state, count, word: stateWords[state], isChosen: state === chosen };
          return <StateChip key={state} {...chip} />;
        })}
      </ul>
    </div>
  );
}

interface FigureProps {
  readonly count: number;
  readonly word: string;
  readonly tone?: 'online' | 'offline';
  readonly to: typeof plainLook;
}

function Figure({ count, word, tone, to }: FigureProps) {
  return (
    <li>
      <a class="figure" href={hashOf({ name: 'region', region: undefined, look: to })} data-count={count}>
        {tone && <StateMark state={tone} />}
        <span class="figure-count">{numberText(count)}</span>
        <span class="figure-word">{word}</span>
      </a>
    </li>
  );
}

interface StateChipProps {
  readonly state?: RegionState;
  readonly word: string;
  readonly count: number;
  readonly isChosen: boolean;
}

function StateChip({ state, word, count, isChosen }: StateChipProps) {
  return (
    <li>
      <a class="chip" href={hashOf({ name: 'overview', state })} aria-current={isChosen ? 'true' : undefined}>
        {state && <StateMark state={state} />}
        {word} <span class="chip-count">{numberText(count)}</span>
      </a>
    </li>
  );
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);

function Regions() {
  if (shown.value.regions === undefined) return <p class="hint">Loading regions…</p>;
  if (regions.value.size === 0) return <p class="hint">There is no region that you may watch yet.</p>;
  if (keys.value.length === 0) return <p class="hint">No region is in this state.</p>;
  return (
    <>
      {order.isBehind.value && <Behind release={order.release} />}
      <ul class="regions data" aria-label="Regions, the worst first" {...order.handlers}>
        {keys.value.map((key) => {
          const region = regions.value.get(key);
          return region && <RegionRow key={key} region={region} />;
        })}
      </ul>
    </>
  );
}
