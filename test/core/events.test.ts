import { eventsOf } from '../../core/events';
import { aFacility, anEntry, anOfflineFacility, aRecount, aTransition } from '../support/builders';

const types = (entry: Parameters<typeof eventsOf>[0]) => eventsOf(entry).map(({ type }) => type);

describe('what core systems hear of an entry', () => {
  test('each change of a status, with region, epoch and seq', () => {
    const [event] = eventsOf(anEntry([aTransition(aFacility('clinic-7'))]));
    expect(event).toMatchObject({
      type: 'FacilityStatusChanged',
      detail: { region: 'north', epoch: 'e1', seq: 1, facility: 'clinic-7', status: 'online', version: 1 },
    });
  });

  test('nothing where only counts changed', () => {
    expect(types(anEntry([aRecount(aFacility('clinic-7'))]))).toEqual([]);
  });

  test('that the region changed as a whole, after its facilities', () => {
    const entry = anEntry([aTransition(aFacility('a')), aTransition(anOfflineFacility('b'))], {
      regionChange: { state: 'partial', previousState: 'up', cameOnline: 1, wentOffline: 1 },
    });
    expect(types(entry)).toEqual(['FacilityStatusChanged', 'FacilityStatusChanged', 'RegionStatusChanged']);
    expect(eventsOf(entry).at(-1)?.detail).toMatchObject({
      state: 'partial',
      previousState: 'up',
      cameOnline: 1,
      wentOffline: 1,
      seq: 1,
      totals: { online: 1, offline: 1 },
    });
  });
});
