import '../first-load';
import { signal, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { isRegionId } from '../../core/ids';
import type { FacilityRegistry } from '../../core/registry';
import { Heading } from '../heading';
import { Icon } from '../icons';
import { go } from '../navigation';
import { shown, shownRegion } from '../page-state';
import { mayManage, mayManageIn, mayManageRegion } from '../sign-in/rights';
import { hashOf, spans, type ViewOf } from '../view';
import { compareNames, counted } from '../words';
import { MoveForm, RemoveForm } from './facility-ends';
import { FacilityForm } from './facility-form';
import { Field } from './fields';
import { RegionForm } from './region-form';
import { RegistryList } from './registry-list';
import { knownOf } from './state';
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
  const known = knownOf(region).value;
  return (
    <section class="registry">
      <Heading>{`Registry of ${shownRegion(region)?.name ?? region}`}</Heading>
      <div class="form-end">
        <a class="button main-button" href={hashOf({ name: 'registry', region, facility: '' })}>
          New facility
        </a>
        <ImportButton region={region} />
      </div>
      {known.state === 'loading' && <p class="hint">Loading…</p>}
      {known.state === 'failed' && <p class="hint">{known.why}</p>}
      {known.state === 'known' && (
        <>
          <RegistryList region={region} facilities={known.facilities} />
          {mayManageRegion(region) && <RegionForm region={region} known={known.registry} />}
        </>
      )}
    </section>
  );
}

function Facility({ region, facility }: { readonly region: string; readonly facility: string }) {
  const known = knownOf(region).value;
  if (known.state !== 'known') {
    return (
      <section class="registry">
        <Heading>{facility || 'New facility'}</Heading>
        <p class="hint">{known.state === 'failed' ? known.why : 'Loading…'}</p>
      </section>
    );
  }
  if (facility === '') {
    return (
      <section class="registry">
        <Heading>New facility</Heading>
        <FacilityForm region={region} id={undefined} known={{}} taken={known.facilities} />
      </section>
    );
  }
  return (
    <KnownFacility
      region={region}
      facility={facility}
      said={known.facilities.get(facility)}
      all={known.facilities}
    />
  );
}

interface KnownFacilityProps {
  readonly region: string;
  readonly facility: string;
  /** Undefined for one that is not in the list. */
  readonly said: FacilityRegistry | undefined;
  readonly all: ReadonlyMap<string, FacilityRegistry>;
}

function KnownFacility({ region, facility, said, all }: KnownFacilityProps) {
  if (said === undefined || !mayManage(region, facility)) {
    return (
      <section class="registry">
        <Heading>{facility}</Heading>
        <p class="hint">There is no such facility here, or you may not manage it.</p>
      </section>
    );
  }
  return (
    <section class="registry">
      <Heading>{said.name ?? facility}</Heading>
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
    </section>
  );
}

/** The import, with all that it needs to read files, is loaded when somebody wants it. */
const importPanel = signal<
  ComponentType<{ readonly region: string | undefined; readonly onClose: () => void }> | undefined
>(undefined);

function ImportButton({ region }: { readonly region: string | undefined }) {
  const isOpen = useSignal(false);
  const Panel = importPanel.value;
  if (isOpen.value && Panel !== undefined) {
    return (
      <Panel
        region={region}
        onClose={() => {
          isOpen.value = false;
        }}
      />
    );
  }
  return (
    <button
      type="button"
      class="button"
      disabled={isOpen.value}
      onClick={async () => {
        isOpen.value = true;
        importPanel.value = (await import('./import-panel')).default;
      }}
    >
      <Icon name="download" />
      Import a file…
    </button>
  );
}
