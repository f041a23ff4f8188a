import '../first-load';
import { useSignal } from '@preact/signals';
import { isRegionId } from '../../core/ids';
import type { FacilityRegistry } from '../../core/registry';
import { Heading } from '../heading';
import { go } from '../navigation';
import { shown, shownRegion } from '../page-state';
import { mayManage, mayManageIn, mayManageRegion } from '../sign-in/rights';
import { hashOf, spans, type ViewOf } from '../view';
import { compareNames, counted } from '../words';
import { MoveForm, RemoveForm } from './facility-ends';
import { FacilityForm } from './facility-form';
import { Field } from './fields';
import { ImportButton } from './import-button';
import type { Known } from './known-region';
import { ReadFailure, useOpened } from './read-again';
import { RegionForm } from './region-form';
import { RegistryList } from './registry-list';
import { knownRegion } from './state';
import { Windows } from './windows';

/** What people say of regions and facilities, for who may manage them. */
export default function RegistryView({ view: { region, facility } }: { readonly view: ViewOf<'registry'> }) {
  if (region === undefined) return <Regions />;
  if (!mayManageIn(region)) {
    return (
      <section class="registry">
        <Heading>Registry</Heading>
        <p class="hint">There is no such region, or you may not manage anything in it.</p>
      </section>
    );
  }
  return facility === undefined ? (
    <Region region={region} />
  ) : (
    <Facility region={region} facility={facility} />
  );
}

/** All regions that the operator may change something in. */
function Regions() {
  const regions = [...(shown.value.regions?.values() ?? [])]
    .filter(({ region }) => mayManageIn(region))
    .sort((a, b) => compareNames(a.name, b.name));
  return (
    <section class="registry">
      <Heading>Registry</Heading>
      <ImportButton region={undefined} />
      {regions.length === 0 ? (
        <p class="hint">There is no region that you may manage.</p>
      ) : (
        <ul class="entries">
          {regions.map(({ region, name, totals }) => (
            <li key={region} class="entry">
              <a class="entry-name" href={hashOf({ name: 'registry', region, facility: undefined })}>
                <bdi>{name}</bdi>
              </a>
              <span class="quiet-text">{counted(totals.facilities, 'facility')}</span>
            </li>
          ))}
        </ul>
      )}
      <NewRegion />
    </section>
  );
}

function NewRegion() {
  const id = useSignal('');
  const fault = useSignal<string | undefined>(undefined);
  return (
    <form
      class="card form"
      aria-label="Another region"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const region = id.value.trim();
        const isRight = isRegionId(region) && mayManageIn(region);
        fault.value = isRight
          ? undefined
          : 'Expected the id of a region that you may manage: letters, digits and . _ -';
        if (isRight) go({ name: 'registry', region, facility: undefined });
      }}
    >
      <Field
        label="Another region, by its id"
        value={id.value}
        fault={fault.value}
        onInput={(value) => {
          id.value = value;
        }}
      />
      <div class="form-end">
        <button type="submit" class="button">
          Open
        </button>
      </div>
    </form>
  );
}

function Region({ region }: { readonly region: string }) {
  const known = knownRegion(region);
  useOpened(known);
  const { whole, failure } = known.now;
  return (
    <section class="registry">
      <Heading>{`Registry of ${shownRegion(region)?.name ?? region}`}</Heading>
      <div class="form-end">
        <a class="button main-button" href={hashOf({ name: 'registry', region, facility: '' })}>
          New facility
        </a>
        <ImportButton region={region} />
      </div>
      <ReadFailure known={known} />
      {whole === undefined && failure === undefined && <p class="hint">Loading…</p>}
      {whole !== undefined && (
        <>
          <RegistryList region={region} facilities={whole.facilities} />
          {mayManageRegion(region) && <RegionForm region={region} known={whole.registry} />}
        </>
      )}
    </section>
  );
}

interface FacilityProps {
  readonly region: string;
  /** Empty for one that is yet to be registered. */
  readonly facility: string;
}

function Facility({ region, facility }: FacilityProps) {
  const known = knownRegion(region);
  useOpened(known, facility);
  const all = known.now.whole?.facilities;
  const said = mayManage(region, facility) ? all?.get(facility) : undefined;
  return (
    <section class="registry">
      <Heading>{said?.name ?? (facility || 'New facility')}</Heading>
      <ReadFailure known={known} />
      {all !== undefined && facility === '' ? (
        <FacilityForm region={region} id={undefined} known={{}} taken={all} />
      ) : all !== undefined && said !== undefined ? (
        <KnownFacility region={region} facility={facility} said={said} all={all} />
      ) : (
        <Missing {...known.now} />
      )}
    </section>
  );
}

/** In place of what is not there, or not yet. */
function Missing({ whole, isReading, failure }: Known) {
  if (isReading) return failure === undefined ? <p class="hint">Loading…</p> : null;
  if (failure !== undefined || whole === undefined) return null;
  return <p class="hint">There is no such facility here, or you may not manage it.</p>;
}

interface KnownFacilityProps extends FacilityProps {
  readonly said: FacilityRegistry;
  readonly all: ReadonlyMap<string, FacilityRegistry>;
}

function KnownFacility({ region, facility, said, all }: KnownFacilityProps) {
  return (
    <>
      <p class="quiet-text">
        <bdi>{facility}</bdi> ·{' '}
        <a href={hashOf({ name: 'facility', region, facility, span: spans[0] })}>Status and history</a>
      </p>
      <div class="registry-columns">
        <FacilityForm key={`${region} ${facility}`} region={region} id={facility} known={said} taken={all} />
        <div class="registry-side">
          <Windows region={region} facility={facility} known={said} />
          <MoveForm region={region} facility={facility} />
          <RemoveForm region={region} facility={facility} />
        </div>
      </div>
    </>
  );
}
