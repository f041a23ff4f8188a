import type { Row } from '../../client/live/log';
import { pushOfChanges } from '../../client/live/translate';
import type { FacilityChange, FacilityState } from '../../client/live/wire';

const at = '2026-01-05T10:00:00.000Z';
const window = { from: '2026-01-05T12:00:00Z', to: '2026-01-05T13:00:00Z' };
const change: FacilityChange = {
  ...{ facility: 'clinic-7', status: 'offline', at, decidedAt: at, reason: 'timeout' },
  ...{ sessions: 0, users: 0, version: 9 },
};

const changed = (
  before: Partial<FacilityState> | undefined,
  words: Partial<FacilityChange> = {},
): Row | undefined => {
  const { edits } = pushOfChanges({
    ...{ type: 'changes', region: 'north', epoch: 'e', fromSeq: 9, toSeq: 9, asOf: at },
    totals: { facilities: 1, online: 0, offline: 1, state: 'down' },
    changes: [{ ...change, ...words }],
  });
  return edits[0]?.to(before);
};

describe('what the registry says of a facility', () => {
  test('given its status changes, then name and maintenance windows stay', () => {
    const known = { name: 'Clinic seven', maintenanceWindows: [window] };
    expect(changed(known)).toMatchObject({ status: 'offline', ...known });
  });

  test('given the registry changes, then what it does not say any more is gone', () => {
    const before = { name: 'Clinic seven', maintenanceWindows: [window] };
    expect(changed(before, { registry: { maintenance: [window] } })).toMatchObject({
      name: 'clinic-7',
      maintenanceWindows: [window],
    });
    expect(changed(before, { registry: { name: 'Seven' } })).not.toHaveProperty('maintenanceWindows');
  });

  test('given nothing is known of it, then its id is its name', () => {
    expect(changed(undefined)).toMatchObject({ id: 'clinic-7', name: 'clinic-7' });
    expect(changed(undefined)).not.toHaveProperty('maintenanceWindows');
  });
});
