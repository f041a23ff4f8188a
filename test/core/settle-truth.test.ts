import type { Facility } from '../../core/facility';
import type { SettleInput } from '../../core/settle';
import { aFacility, aHead, anOfflineFacility, aSession, at } from '../support/builders';
import { applied, changesIn, settling, toldBy } from '../support/settling';

const decided = (id: string, given: Partial<SettleInput>): Facility | undefined =>
  toldBy(settling(given)).find((facility) => facility.id === id);

const online = [aFacility('clinic-7')];
const live = aSession({ since: at('10:04:30'), until: at('10:06') });
const silent = aSession({ until: at('10:04') });

describe('TR3 a timeout after a gap', () => {
  const gaps = [{ fromMs: at('10:03:30'), untilMs: at('10:04:55') }];
  const given = { facilities: online, sessions: [silent], gaps };

  test('is not told before as-of has moved on by the lease, and the region is due then', () => {
    const settlement = settling(given);
    expect(changesIn(settlement)).toEqual([]);
    expect(settlement.commits[0].head.dueAtMs).toBe(at('10:06:30'));
  });

  test('is told then, stamped with the end of the lease', () => {
    expect(decided('clinic-7', { ...given, asOfMs: at('10:06:30') })).toMatchObject({
      status: 'offline',
      sinceMs: at('10:04'),
      decidedAsOfMs: at('10:06:30'),
    });
  });

  test('given gaps without end, is told after fifteen minutes and says so', () => {
    const endless = { ...given, gaps: [{ fromMs: at('10:03:30'), untilMs: at('10:30') }] };
    expect(changesIn(settling({ ...endless, asOfMs: at('10:18:59.999') }))).toEqual([]);
    expect(changesIn(settling({ ...endless, asOfMs: at('10:19') }))).toMatchObject([{ despiteGaps: true }]);
  });

  test('whoever is waited for keeps a facility online and brings none online, since it may have been told offline before', () => {
    const told = [anOfflineFacility('clinic-7', { sinceMs: at('10:04') })];
    expect(changesIn(settling({ ...given, facilities: told }))).toEqual([]);
    expect(changesIn(settling({ ...given, facilities: [] }))).toEqual([]);
    expect(changesIn(settling(given))).toEqual([]);
  });

  test('a goodbye does not wait', () => {
    const left = aSession({ leftAt: at('10:04:40'), until: at('10:04:50') });
    expect(decided('clinic-7', { ...given, sessions: [left] })?.reason).toBe('leave');
  });
});

describe('TR6 a facility that changes too often', () => {
  const changes = ['10:00', '10:01', '10:02', '10:03', '10:04'].map((time) => at(time));
  const restless = (given: Partial<Facility> = {}) =>
    anOfflineFacility('clinic-7', { sinceMs: at('10:04'), recentChangesMs: changes, ...given });

  test('is flapping with its sixth transition within an hour', () => {
    const told = decided('clinic-7', { facilities: [restless()], sessions: [live] });
    expect(told).toMatchObject({ flapping: true, recentChangesMs: [...changes, at('10:04:30')] });
    const calmer = restless({ recentChangesMs: [at('09:04'), ...changes.slice(1)] });
    expect(decided('clinic-7', { facilities: [calmer], sessions: [live] })?.flapping).toBe(false);
  });

  test('remembers no more transitions than tell that', () => {
    const recentChangesMs = [at('09:59'), ...changes];
    const told = decided('clinic-7', { facilities: [restless({ recentChangesMs })], sessions: [live] });
    expect(told?.recentChangesMs).toEqual([...changes, at('10:04:30')]);
  });

  test('is calm again once the sixth is an hour ago, which is a change of its own', () => {
    const flapping = restless({ flapping: true, recentChangesMs: [...changes, at('10:04:30')] });
    const settlement = settling({ facilities: [flapping], asOfMs: at('10:05') });
    expect(changesIn(settlement)).toEqual([]);
    expect(settlement.commits[0].head.dueAtMs).toBe(at('11:00'));
    const [change] = changesIn(settling({ facilities: [flapping], asOfMs: at('11:00') }));
    expect(change).toMatchObject({ transition: false, facility: { status: 'offline', flapping: false } });
  });
});

describe('CD2 what happened to a region as a whole', () => {
  const many = (count: number, build: (id: string) => Facility) =>
    Array.from({ length: count }, (_, index) => build(`f-${String(index).padStart(3, '0')}`));
  const regionChanges = (given: Partial<SettleInput>) =>
    settling(given).commits.flatMap(({ entry }) => entry?.regionChange ?? []);

  test('given 500 facilities, when all fall silent at once, then one settle tells it in one region change', () => {
    const facilities = many(500, (id) => aFacility(id));
    const settlement = settling({ facilities });
    expect(changesIn(settlement)).toHaveLength(500);
    expect(settlement.commits).toHaveLength(11);
    expect(regionChanges({ facilities })).toEqual([
      { state: 'down', previousState: 'up', cameOnline: 0, wentOffline: 500 },
    ]);
    expect(settlement.commits.at(-1)?.entry?.regionChange).toBeDefined();
  });

  test('given a settle that died half way, when the rest is settled, then the state is compared with what was told', () => {
    const facilities = many(500, (id) => aFacility(id));
    const [first] = settling({ facilities }).commits;
    const half = {
      facilities: applied(facilities, { ...settling({ facilities }), commits: [first] }).facilities,
    };
    expect(regionChanges({ ...half, head: first.head })).toEqual([
      { state: 'down', previousState: 'up', cameOnline: 0, wentOffline: 451 },
    ]);
  });

  test('many of a region that stays partly online are told too, a few are not', () => {
    const lasting = { ...live, covers: ['z'] };
    const facilities = [...many(10, (id) => aFacility(id)), aFacility('z'), anOfflineFacility('y')];
    expect(regionChanges({ facilities, sessions: [lasting] })).toMatchObject([
      { state: 'partial', previousState: 'partial', wentOffline: 10 },
    ]);
    const few = [...many(9, (id) => aFacility(id)), aFacility('z'), anOfflineFacility('y')];
    expect(regionChanges({ facilities: few, sessions: [lasting] })).toEqual([]);
  });

  test.each([
    [{ upFrom: 0.5, downBelow: 0 }, 'up'],
    [{ upFrom: 1, downBelow: 0.6 }, 'down'],
    [{ upFrom: 0.9, downBelow: 0.4 }, 'partial'],
  ])('with the thresholds %p, half of a region online is %s', (thresholds, state) => {
    const facilities = [aFacility('a', { version: 2 }), anOfflineFacility('b', { version: 1 })];
    const head = aHead(facilities, { thresholds });
    const sessions = [
      { ...live, covers: ['a'] },
      { ...live, sessionId: 's2', covers: ['a'] },
    ];
    const [commit] = settling({ facilities, head, sessions }).commits;
    expect(commit.entry?.totals.state).toBe(state);
    expect(commit.entry?.thresholds).toEqual(thresholds);
  });
});
