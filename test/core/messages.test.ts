import {
  changeMessageBytes,
  changesMessage,
  facilityMessage,
  instant,
  limitedChangesMessage,
  parseClientMessage,
  tickMessage,
  tickRegion,
} from '../../core/messages';
import { aFacility, aHead, anEntry, anOfflineFacility, aTransition, at, seconds } from '../support/builders';

const clinic = aFacility('clinic-7', { version: 4 });
const lab = anOfflineFacility('lab/1', { version: 4 });
const entry = anEntry([aTransition(clinic), aTransition(lab)], { seq: 4 });

test('instants are ISO 8601 in UTC with milliseconds', () => {
  expect(instant(at('10:00:05.250'))).toBe('2026-01-05T10:00:05.250Z');
});

describe('CD3 what a watcher of a whole region is told of an entry', () => {
  test('the whole state of each facility that changed, and the totals after it', () => {
    expect(changesMessage(entry)).toEqual({
      type: 'changes',
      region: 'north',
      epoch: 'e1',
      fromSeq: 4,
      toSeq: 4,
      asOf: '2026-01-05T10:00:01.000Z',
      changes: [
        {
          facility: 'clinic-7',
          status: 'online',
          at: '2026-01-05T10:00:00.000Z',
          decidedAt: '2026-01-05T10:00:02.000Z',
          reason: 'heartbeat',
          sessions: 1,
          users: 1,
          version: 4,
        },
        expect.objectContaining({ facility: 'lab/1', status: 'offline', reason: 'timeout' }),
      ],
      totals: { facilities: 2, online: 1, offline: 1, state: 'partial' },
    });
  });

  test('CD1 its length is known before it is packed', () => {
    const { changes } = changesMessage(entry);
    const bytes = entry.changes.reduce((sum, change) => sum + changeMessageBytes(change), 0);
    expect(bytes).toBe(JSON.stringify(changes).length - '[]'.length + 1);
  });

  test('CD1 also where names take more bytes than characters', () => {
    const renamed = { ...aTransition(clinic), registry: { name: '𝔠𝔩𝔦𝔫𝔦𝔠 診療所' } };
    const text = JSON.stringify(changesMessage(anEntry([renamed])).changes);
    expect(changeMessageBytes(renamed)).toBe(Buffer.byteLength(text) - '[]'.length + 1);
  });

  test('what the registry says, where the registry made the change', () => {
    const renamed = { facility: clinic, transition: false, registry: { name: 'Clinic seven' } };
    const [change] = changesMessage(anEntry([renamed])).changes;
    expect(change).toMatchObject({ facility: 'clinic-7', registry: { name: 'Clinic seven' } });
    const message = changesMessage(anEntry([], { registry: { name: 'The north' } }));
    expect(message).toMatchObject({ changes: [], registry: { name: 'The north' } });
    expect(limitedChangesMessage(anEntry([renamed]), ['ward'], []).changes).toEqual([]);
  });
});

describe('CD4 what a watcher limited to patterns is told of it', () => {
  const all = [clinic, lab, aFacility('lab/2'), aFacility('ward')];

  test('the same seq, only what it may see, and totals over that', () => {
    const message = limitedChangesMessage(entry, ['lab/*'], all);
    expect(message).toMatchObject({ fromSeq: 4, toSeq: 4, changes: [{ facility: 'lab/1' }] });
    expect(message.totals).toEqual({ facilities: 2, online: 1, offline: 1, state: 'partial' });
    expect(JSON.stringify(message)).not.toContain('clinic-7');
  });

  test('an entry about others is empty, but is told, so that no seq is missing', () => {
    const message = limitedChangesMessage(entry, ['ward'], all);
    expect(message).toMatchObject({ toSeq: 4, changes: [], totals: { facilities: 1, state: 'up' } });
  });
});

describe('CD4 the answer to a ping', () => {
  const head = aHead([clinic, lab]);

  test('carries seq, as-of and digest, so that a page knows that it is right', () => {
    const region = tickRegion('north', head, { asOfMs: at('10:00:01'), delayed: false }, true);
    expect(tickMessage([region], [], at('10:00:03'))).toEqual({
      type: 'tick',
      at: '2026-01-05T10:00:03.000Z',
      regions: [
        {
          region: 'north',
          epoch: 'e1',
          seq: 4,
          asOf: '2026-01-05T10:00:01.000Z',
          digest: { count: 2, sum: 8 },
        },
      ],
    });
  });

  test('TR1 says since when it is delayed', () => {
    const asOfMs = at('10:00:01');
    const region = tickRegion('north', head, { asOfMs, delayed: true }, true);
    expect(region).toMatchObject({ delayedSince: '2026-01-05T10:00:01.000Z' });
    expect(tickRegion('north', head, { asOfMs, delayed: false }, true)).not.toHaveProperty('delayedSince');
  });

  test('has no digest for a watcher who sees only a part', () => {
    expect(tickRegion('north', head, { asOfMs: 0, delayed: true }, false)).not.toHaveProperty('digest');
  });

  test('of a region that has no facility yet has no epoch and stands at seq 0', () => {
    expect(tickRegion('north', undefined, { asOfMs: 0, delayed: true }, true)).toMatchObject({
      epoch: null,
      seq: 0,
      digest: { count: 0, sum: 0 },
    });
  });
});

describe('a facility in a snapshot', () => {
  const now = at('10:00:03');

  test('is named by the registry, or by its id', () => {
    const named = { ...clinic, registry: { name: 'Clinic seven' } };
    expect(facilityMessage(named, now).name).toBe('Clinic seven');
    expect(facilityMessage(clinic, now)).toMatchObject({ id: 'clinic-7', name: 'clinic-7', version: 4 });
  });

  test('says that it is in maintenance while a window holds, and only then', () => {
    const maintenance = [
      { from: '2026-01-05T09:00:00Z', to: '2026-01-05T09:30:00Z' },
      { from: '2026-01-05T11:00:03+01:00', to: '2026-01-05T10:00:04Z' },
    ];
    const closed = { ...clinic, registry: { maintenance } };
    expect(facilityMessage(closed, now)).toMatchObject({ maintenance: true });
    expect(facilityMessage(closed, now - 1)).not.toHaveProperty('maintenance');
    expect(facilityMessage(closed, now + seconds(1))).not.toHaveProperty('maintenance');
    expect(facilityMessage(clinic, now)).not.toHaveProperty('maintenance');
  });

  test('tells the next three windows that are not over, whatever their order, without their notes', () => {
    const hour = (from: number) => ({
      from: `2026-01-05T${String(from).padStart(2, '0')}:00:00Z`,
      to: `2026-01-05T${String(from + 1).padStart(2, '0')}:00:00Z`,
    });
    const maintenance = [hour(15), { ...hour(12), note: 'floor' }, hour(18), hour(21), hour(8)];
    expect(facilityMessage({ ...clinic, registry: { maintenance } }, now).maintenanceWindows).toEqual([
      hour(12),
      hour(15),
      hour(18),
    ]);
    const over = { ...clinic, registry: { maintenance: [hour(15)] } };
    expect(facilityMessage(over, at('16:00'))).not.toHaveProperty('maintenanceWindows');
  });
});

describe('AC4 what a client may send over the feed', () => {
  test.each([
    { action: 'subscribe', region: 'north' },
    { action: 'subscribe', region: '__proto__', since: 0, epoch: 'e1' },
    { action: 'unsubscribe', region: 'north' },
    { action: 'ping' },
  ])('%p', (message) => {
    expect(parseClientMessage(message)).toEqual(message);
  });

  test.each([
    ['a text', 'ping', ''],
    ['a list', [], ''],
    ['no action', {}, 'action'],
    ['an unknown action', { action: 'shout' }, 'action'],
    ['an action of the prototype', { action: 'constructor' }, 'action'],
    ['an action that is no text', { action: ['ping'] }, 'action'],
    ['no region', { action: 'subscribe' }, 'region'],
    ['a bad region', { action: 'unsubscribe', region: 'a b' }, 'region'],
    ['a negative since', { action: 'subscribe', region: 'north', since: -1 }, 'since'],
    ['an empty epoch', { action: 'subscribe', region: 'north', epoch: '' }, 'epoch'],
    ['a field too many', { action: 'ping', region: 'north' }, 'region'],
  ])('not %s', (_, message, field) => {
    expect(() => parseClientMessage(message)).toThrow(expect.objectContaining({ field }));
  });
});
