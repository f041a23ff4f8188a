import { BeatPace } from '../../lambdas/heartbeat-endpoint/beat-pace';
import { anAcceptedBeat, anIdentity, at, type BeatWords, rights, seconds } from '../support/builders';
import { anEndpoint } from '../support/endpoint-scene';
import { answerOf } from '../support/http';

const leastMs = seconds(2);

/** A pace at ten for which the sessions that are named have just beaten. */
function aPace(sessions: readonly string[] = ['s1'], most?: number) {
  const pace = new BeatPace(leastMs, most);
  let nowMs = at('10:00');
  for (const session of sessions) pace.note(anAcceptedBeat({ session }), nowMs);
  return {
    later: (ms: number) => {
      nowMs += ms;
    },
    early: (words: BeatWords = {}) => pace.tooEarlyMs(anAcceptedBeat(words), nowMs),
    beats: (words: BeatWords = {}) => pace.note(anAcceptedBeat(words), nowMs),
  };
}

const mood = (name: string): BeatWords => ({ attributes: new Map([['mood', name]]) });

describe('AC5 the pace of a session', () => {
  test('given its last beat, then the next one is too early until the time has passed', () => {
    const { later, early } = aPace();
    expect(early()).toBe(2_000);
    later(1_999);
    expect(early()).toBe(1);
    later(1);
    expect(early()).toBe(0);
  });

  test('given a beat was too early, then that begins nothing anew', () => {
    const { later, early } = aPace();
    later(1_500);
    expect(early()).toBe(500);
    later(500);
    expect(early()).toBe(0);
  });

  test.each<[what: string, words: BeatWords]>([
    ['another session', { session: 's2' }],
    ['one of another region', { region: 'south' }],
    ['one of somebody else', { from: 'ben' }],
    ['a goodbye', { next: 0 }],
    ['other facilities', { covers: ['lab/1'] }],
    ['another interval', { next: 60 }],
    ['attributes', mood('happy')],
  ])('given the last beat, then %s is not too early', (_, words) => {
    expect(aPace().early(words)).toBe(0);
  });

  test.each<[what: string, words: BeatWords]>([
    ['another seq', { seq: 9, ...mood('happy') }],
    ['the same attributes', mood('happy')],
    ['no attributes, which leaves them', {}],
  ])('given attributes were set, then a beat with %s changes nothing', (_, words) => {
    const { beats, early } = aPace();
    beats(mood('happy'));
    expect(early(words)).toBe(2_000);
  });

  test('given five changes in a row, then a sixth has to wait, and a pause makes up for it', () => {
    const { later, beats, early } = aPace();
    for (let count = 1; count <= 5; count += 1) {
      expect(early(mood(`${count}`))).toBe(0);
      beats(mood(`${count}`));
    }
    expect(early(mood('6'))).toBe(2_000);
    expect(early({ next: 0 })).toBe(0);
    later(2_000);
    beats(mood('6'));
    expect(early(mood('7'))).toBe(0);
  });

  test('given the clock was set back, then nobody is early', () => {
    const { later, early } = aPace();
    later(-1);
    expect(early()).toBe(0);
  });

  test('given more sessions than it may remember, then it forgets who has been silent longest', () => {
    const { beats, early } = aPace(['s1', 's2', 's3'], 3);
    beats({ session: 's1' });
    beats({ session: 's4' });
    expect(['s1', 's2', 's3', 's4'].map((session) => early({ session }) > 0)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

describe('AC5 a session that beats faster than it may', () => {
  const sent = { sessionId: 's1', region: 'north', facilities: ['clinic-7'] };
  const again = { type: 'urn:rollcall:problem:too-fast', status: 429, retryAfter: 2 };

  test('is turned away, told when to come back, and taken then', async () => {
    const { stream, clock, post } = anEndpoint();
    await post(sent);
    clock.advance(500);

    const answer = await post({ ...sent, seq: 2 });

    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'retry-after': '2',
    });
    expect(answerOf(answer)).toMatchObject({ status: 429, body: again });
    clock.advance(1_500);
    expect((await post(sent)).statusCode).toBe(202);
    expect(stream.beats).toHaveLength(2);
  });

  test('TR1 holds nothing up: that is its own fault', async () => {
    const { post, refusals } = anEndpoint();
    await post(sent);
    expect((await post(sent)).statusCode).toBe(429);
    expect(answerOf(await post([sent])).body.results).toMatchObject([again]);
    expect(await refusals()).toBeUndefined();
  });

  test('is turned away alone among others of an array', async () => {
    const { stream, post } = anEndpoint();
    await post(sent);
    const { status, body } = answerOf(await post([{ ...sent, sessionId: 's2' }, sent]));
    expect(status).toBe(202);
    expect(body.results).toMatchObject([{ status: 202 }, again]);
    expect(stream.beats.map(({ sessionId }) => sessionId)).toEqual(['s1', 's2']);
  });

  test('HB4 may say goodbye at any time', async () => {
    const { stream, post } = anEndpoint();
    await post(sent);
    expect((await post({ ...sent, next: 0 })).statusCode).toBe(202);
    expect(stream.beats.at(-1)).toMatchObject({ nextSeconds: 0 });
  });

  test('may change what it says at once', async () => {
    const { post } = anEndpoint();
    await post(sent);
    expect((await post({ ...sent, facilities: ['lab/1'] })).statusCode).toBe(202);
    expect((await post({ ...sent, facilities: ['lab/1'], attributes: { mood: 'sad' } })).statusCode).toBe(
      202,
    );
    expect((await post({ ...sent, facilities: ['lab/1'] })).statusCode).toBe(429);
  });

  test('given the stream turned its beat away, when it comes back at once, then it is taken', async () => {
    const { stream, post } = anEndpoint();
    stream.busy = true;
    expect((await post(sent)).statusCode).toBe(503);
    stream.busy = false;
    expect((await post(sent)).statusCode).toBe(202);
  });

  test('is another one than that of somebody else with the same id', async () => {
    const { verifier, post } = anEndpoint();
    verifier.issue('ben', anIdentity({ subject: 'ben', rights: rights({ provide: { north: ['*'] } }) }));
    await post(sent);
    expect((await post(sent, { token: 'ben' })).statusCode).toBe(202);
  });

  test('given the limit is off, then it may beat as it likes', async () => {
    const { post } = anEndpoint({ limits: { minBeatSeconds: 0 } });
    await post(sent);
    expect((await post(sent)).statusCode).toBe(202);
  });
});
