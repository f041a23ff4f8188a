import { DynamoSessionStore } from '../../adapters/aws/session-store';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import type { SessionStore } from '../../core/ports';
import type { Session } from '../../core/session';
import { defaultTimings } from '../../core/timings';
import { onEveryStore, unique } from './implementations';

const aSession = (given: Partial<Session> = {}): Session => ({
  issuer: 'https://issuer.example/',
  subject: 'a user with spaces',
  region: unique('region'),
  sessionId: 'tab~1',
  covers: ['clinic-7', 'lab/*'],
  coversSinceMs: 1_000,
  ceased: [],
  startedAtMs: 1_000,
  lastBeatAtMs: 2_000,
  nextSeconds: 30,
  leaseUntilMs: 97_000,
  revision: 0,
  ...given,
});

onEveryStore<SessionStore>(
  'SessionStore',
  () => new MemorySessionStore(),
  (client, tables) => new DynamoSessionStore(client, tables.sessions, defaultTimings),
  (get) => {
    const saving = async (session: Session): Promise<Session> => {
      const outcome = await get().save(session);
      if (!('saved' in outcome)) throw new Error('the session was not saved');
      return outcome.saved;
    };
    const listing = (region: string) => get().list(region, { consistent: true });

    test('HB5 a saved session comes back as it was, one revision on', async () => {
      const session = aSession({
        seq: 4,
        leftAtMs: 90_000,
        ceased: [{ pattern: 'ward-1', atMs: 80_000, reason: 'leave' }],
      });
      const saved = await saving(session);
      expect(saved).toEqual({ ...session, revision: 1 });
      expect(await get().load([session])).toEqual([saved]);
      expect(await listing(session.region)).toEqual([saved]);
    });

    test('HB5 sessions come back in the order of the keys, with gaps where there is none', async () => {
      const [first, second] = [aSession(), aSession()];
      await saving(second);
      await saving(first);
      const found = await get().load([first, aSession(), second]);
      expect(found.map((session) => session?.region)).toEqual([first.region, undefined, second.region]);
    });

    test('HB5 a hundred and fifty keys are read at once', async () => {
      const region = unique('region');
      const sessions = Array.from({ length: 150 }, (_, index) =>
        aSession({ region, sessionId: `s-${index}` }),
      );
      await Promise.all(sessions.map(saving));
      expect((await get().load(sessions)).filter((session) => session === undefined)).toEqual([]);
      expect(await listing(region)).toHaveLength(150);
    });

    test('HB6 a write on an older revision is refused and told what is stored', async () => {
      const once = await saving(aSession());
      const twice = await saving({ ...once, leaseUntilMs: 200_000 });
      expect(await get().save({ ...once, leaseUntilMs: 150_000 })).toEqual({ conflict: twice });
    });

    test('HB6 creating a session that exists is refused, updating one that is gone too', async () => {
      const saved = await saving(aSession());
      expect(await get().save({ ...saved, revision: 0 })).toEqual({ conflict: saved });
      await get().remove([saved]);
      expect(await get().save(saved)).toEqual({ conflict: undefined });
    });

    test('HB6 of two who set attributes at once one is told what is stored, and neither fails', async () => {
      const stored = await saving(aSession());
      const set = (mood: string) => get().save(stored, new Map([['mood', mood]]));
      const outcomes = await Promise.all([set('happy'), set('sad'), set('calm')]);
      expect(outcomes.filter((outcome) => 'saved' in outcome)).toHaveLength(1);
      expect((await get().load([stored]))[0]).toMatchObject({ revision: stored.revision + 1 });
    });

    test('HB6 of many that begin at once each is created, or told what is stored', async () => {
      const region = unique('region');
      const sessions = Array.from({ length: 60 }, (_, index) =>
        aSession({
          region,
          sessionId: `s-${index}`,
          ...(index % 2 === 0 && { seq: index, leftAtMs: 90_000 }),
        }),
      );
      const [first, second] = sessions as [Session, Session];
      const earlier = [await saving({ ...first, nextSeconds: 60 }), await saving(second)];
      const outcomes = await Promise.all(sessions.map((session) => get().save(session)));
      const rest = sessions.slice(2).map((session) => ({ ...session, revision: 1 }));
      expect(outcomes).toEqual([
        ...earlier.map((conflict) => ({ conflict })),
        ...rest.map((saved) => ({ saved })),
      ]);
      expect(await get().load(sessions)).toEqual([...earlier, ...rest]);
    });

    test('HB7 a session that changed since it was read is not removed', async () => {
      const read = await saving(aSession());
      const renewed = await saving({ ...read, leaseUntilMs: 300_000 });
      await get().remove([read]);
      expect(await listing(read.region)).toEqual([renewed]);
      await get().remove([renewed]);
      await get().remove([renewed]);
      expect(await listing(read.region)).toEqual([]);
    });

    test('AC4 prototype names are ids like any other', async () => {
      const session = aSession({ region: '__proto__', sessionId: 'constructor', covers: ['__proto__'] });
      const saved = await saving(session);
      expect(await get().load([session])).toEqual([saved]);
      expect(await listing('__proto__')).toEqual([saved]);
    });

    test('HB5 the same session id of another subject is another session', async () => {
      const mine = await saving(aSession({ region: unique('region') }));
      const theirs = await saving({ ...mine, subject: 'another', revision: 0 });
      expect(await get().load([mine, theirs])).toEqual([mine, theirs]);
    });

    const attributes = new Map<string, string | number | boolean>([
      ['__proto__', 'x'],
      ['mood', '🙂'],
      ['n', 1.5],
      ['ok', false],
    ]);

    test('attributes are kept beside their session, and a list does not hold them', async () => {
      const session = aSession({ attributes: { hash: 1, atMs: 1_000 } });
      await get().save(session, attributes);
      const other = { ...session, sessionId: 'tab~2' };
      expect(await get().attributes([session, other, session])).toEqual([attributes, undefined, attributes]);
      expect(await listing(session.region)).toEqual([{ ...session, revision: 1 }]);
    });

    test('a save without attributes leaves them as they are, one that is lost changes none', async () => {
      const saved = { ...aSession({ attributes: { hash: 1, atMs: 1_000 } }) };
      await get().save(saved, attributes);
      await get().save({ ...saved, revision: 1 });
      const lost = await get().save({ ...saved, revision: 1 }, new Map([['mood', 'sad']]));
      expect(lost).toEqual({ conflict: { ...saved, revision: 2 } });
      expect(await get().attributes([saved])).toEqual([attributes]);
    });

    test('attributes go with their session', async () => {
      const session = aSession({ attributes: { hash: 1, atMs: 1_000 } });
      await get().save(session, attributes);
      await get().remove([{ ...session, revision: 1 }]);
      expect(await get().attributes([session])).toEqual([undefined]);
    });

    test('sessions of a user are found in all regions, and no other user’s', async () => {
      const subject = unique('subject');
      const [one, two] = [aSession({ subject }), aSession({ subject })];
      for (const session of [one, two, aSession()]) await get().save(session, attributes);
      const found = await get().ofUser(`${one.issuer} ${subject}`);
      expect(found.map(({ region }) => region).toSorted()).toEqual([one.region, two.region].toSorted());
    });
  },
);
