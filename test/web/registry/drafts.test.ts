import type { FacilityRegistry } from '../../../core/registry';
import { type FacilityDraft, facilityDraftOf, facilityIn, withChanges } from '../../../web/registry/draft';
import { draftOf, dropDraft, keepDraft } from '../../../web/registry/drafts';
import { unsaved } from '../../../web/sign-in/session';

const key = 'facility north clinic-7';
const here: FacilityRegistry = { name: 'Clinic seven', tags: ['cold'] };
/** After a colleague was there. */
const renamed: FacilityRegistry = { ...here, name: 'Clinic of hope' };

const write = (known: FacilityRegistry, words: Partial<FacilityDraft>): void =>
  keepDraft(key, facilityDraftOf(known), words);

/** What saving the form would put, with this in the registry by then. */
function saved(now: FacilityRegistry): FacilityRegistry {
  const draft = draftOf<FacilityDraft>(key);
  if (draft === undefined) throw new Error('the form has nothing in it');
  return withChanges(now, facilityIn(draft.begun).value ?? {}, facilityIn(draft.now).value ?? {});
}

afterEach(() => dropDraft(key));

test('given a colleague renames while somebody edits, and the page hears of it, then saving keeps the new name', () => {
  write(here, { address: 'Long Street 7' });
  write(renamed, { address: 'Long Street 7b' });
  expect(draftOf<FacilityDraft>(key)?.now.name).toBe('Clinic seven');
  expect(saved(renamed)).toEqual({ ...renamed, address: 'Long Street 7b' });
});

test('given a form says again what it began with, then nothing of it is kept, whatever is known by then', () => {
  write(here, { name: 'Clinic' });
  expect(unsaved.value).toBe(true);
  write(renamed, { name: 'Clinic of hope' });
  expect(saved(here)).toEqual(renamed);
  write(renamed, { name: 'Clinic seven' });
  expect(draftOf(key)).toBeUndefined();
  expect(unsaved.value).toBe(false);
});

test('given two fields are filled before the form is drawn again, then both are kept', () => {
  write(here, { address: 'Long Street 7' });
  write(here, { timeZone: 'Europe/Berlin' });
  expect(draftOf<FacilityDraft>(key)?.now).toMatchObject({
    address: 'Long Street 7',
    timeZone: 'Europe/Berlin',
  });
});
