import { type Signal, useSignal } from '@preact/signals';
import type { FacilityRegistry } from '../../core/registry';
import { mayManage } from '../sign-in/rights';
import { hashOf } from '../view';
import { compareNames, counted, numberText } from '../words';

interface RegistryListProps {
  readonly region: string;
  readonly facilities: ReadonlyMap<string, FacilityRegistry>;
}

const rowsAtFirst = 200;

/** A facility of the list. */
interface Listed {
  readonly id: string;
  readonly name: string;
  readonly registry: FacilityRegistry;
}

/** The facilities of a region by name, each a link to its form. */
export function RegistryList({ region, facilities }: RegistryListProps) {
  const search = useSignal('');
  const most = useSignal(rowsAtFirst);
  const wanted = search.value.trim().toLowerCase();
  const found = [...facilities]
    .map(([id, registry]): Listed => ({ id, name: registry.name ?? id, registry }))
    .filter(({ id, name }) => `${id}\n${name}`.toLowerCase().includes(wanted) && mayManage(region, id))
    .sort((a, b) => compareNames(a.name, b.name));
  return (
    <section class="entries-part" aria-label="Facilities">
      <div class="form-end">
        <Search text={search} />
        <span class="quiet-text">{counted(found.length, 'facility')}</span>
      </div>
      {found.length === 0 ? (
        <p class="hint">{wanted === '' ? 'There is no facility yet.' : 'No facility matches.'}</p>
      ) : (
        <ul class="entries">
          {found.slice(0, most.value).map((listed) => (
            <ListedFacility key={listed.id} region={region} {...listed} />
          ))}
        </ul>
      )}
      {found.length > most.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            most.value = found.length;
          }}
        >
          Show {numberText(found.length - most.value)} more
        </button>
      )}
    </section>
  );
}

function Search({ text }: { readonly text: Signal<string> }) {
  return (
    <label>
      <span class="unseen">Find a facility</span>
      <input
        class="field"
        type="search"
        placeholder="Find a facility"
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
      />
    </label>
  );
}

function ListedFacility({ region, id, name, registry }: Listed & { readonly region: string }) {
  const { tags = [], maintenance = [] } = registry;
  return (
    <li class="entry">
      <a class="entry-name" href={hashOf({ name: 'registry', region, facility: id })}>
        <bdi>{name}</bdi>
      </a>
      <span class="quiet-text">
        <bdi>{id}</bdi>
      </span>
      <span class="tags">
        {tags.map((tag) => (
          <span key={tag} class="tag">
            <bdi>{tag}</bdi>
          </span>
        ))}
      </span>
      <span class="quiet-text">{maintenance.length > 0 && counted(maintenance.length, 'window')}</span>
    </li>
  );
}
