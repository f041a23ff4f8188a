import { MemoryBeatStream } from '../../adapters/memory/beat-stream';
import { canaryToken } from '../../lambdas/canary-token';
import { at } from '../support/builders';
import { anEndpoint } from '../support/endpoint-scene';
import { answerOf, type RequestWords } from '../support/http';

const sent = { sessionId: 's1', region: 'north', facilities: ['clinic-7'] };

const receipt = (next: number, leaseUntil: string) => ({
  next,
  serverTime: '2026-01-05T10:00:00.000Z',
  leaseUntil: `2026-01-05T${leaseUntil}.000Z`,
});

describe('a beat', () => {
  test.each([
    [{ next: 60 }, receipt(60, '10:03:05')],
    [{}, receipt(30, '10:01:35')],
    [{ next: 0 }, receipt(0, '10:00:10')],
  ])('HB2 %p is answered with 202, when the next is due and until when it counts', async (more, expected) => {
    const { stream, post } = anEndpoint();

    const answer = await post({ ...sent, ...more });

    expect(answerOf(answer)).toEqual({ status: 202, body: expected });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(stream.beats).toMatchObject([{ subject: 'ann', sessionId: 's1', covers: ['clinic-7'] }]);
  });

  test('is taken with a charset, and with a scheme in any case', async () => {
    const { stream, post } = anEndpoint();
    const headers = { 'content-type': 'Application/JSON; charset=utf-8', authorization: 'bearer ann' };
    expect((await post(sent, { headers })).statusCode).toBe(202);
    expect(stream.beats).toHaveLength(1);
  });
});

describe('AC4 an array of beats', () => {
  test('one bad of 500 fails alone, the others are put in order', async () => {
    const { stream, post } = anEndpoint();
    const beats = Array.from({ length: 500 }, (_, index) => ({ ...sent, sessionId: `s${index}` }));
    beats[250] = { ...sent, sessionId: 'a b' };

    const { status, body } = answerOf(await post(beats));

    expect(status).toBe(202);
    expect(body.results).toHaveLength(500);
    expect(body.results[250]).toMatchObject({ status: 400, field: '[250].sessionId' });
    expect(body.results[251]).toEqual({ status: 202, ...receipt(30, '10:01:35') });
    expect(stream.beats.map(({ sessionId }) => sessionId)).toEqual(
      beats.map(({ sessionId }) => sessionId).filter((id) => id !== 'a b'),
    );
  });

  test('each beat gets the outcome of its own put', async () => {
    const stream = new MemoryBeatStream();
    stream.put = async (beats) => beats.map((_, n) => (n === 1 ? 'busy' : 'taken'));
    const { post } = anEndpoint({ stream });
    const foreign = { ...sent, sessionId: 's0', facilities: ['clinic-8'] };
    const { body } = answerOf(
      await post([foreign, sent, { ...sent, sessionId: 's2' }, { ...sent, sessionId: 's3' }]),
    );
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([403, 202, 503, 202]);
  });

  test('an empty one is answered with no results', async () => {
    expect(answerOf(await anEndpoint().post([]))).toEqual({ status: 202, body: { results: [] } });
  });
});

describe('AC4 what is refused is named as a problem and puts nothing', () => {
  test.each<[string, RequestWords, number, string, string | undefined]>([
    ['a bad field', { body: { ...sent, next: 3 } }, 400, 'invalid-field', 'next'],
    ['a field too many', { body: { ...sent, mood: 'x' } }, 400, 'invalid-field', 'mood'],
    ['a text', { body: '"beat"' }, 400, 'invalid-field', 'body'],
    ['no JSON', { body: '{' }, 400, 'invalid-json', 'body'],
    ['no body', { body: '' }, 400, 'invalid-json', 'body'],
    ['an unknown token', { token: 'eve' }, 401, 'unauthenticated', undefined],
    ['no token', { headers: { authorization: '' } }, 401, 'unauthenticated', undefined],
    ['another scheme', { headers: { authorization: 'Basic ann' } }, 401, 'unauthenticated', undefined],
    ['another region', { body: { ...sent, region: 'south' } }, 403, 'forbidden', 'region'],
    ['another facility', { body: { ...sent, facilities: ['x'] } }, 403, 'forbidden', 'facilities[0]'],
    ['a GET', { method: 'GET' }, 405, 'method-not-allowed', undefined],
    ['501 beats', { body: Array(501).fill(sent) }, 413, 'too-large', 'body'],
    ['a body beyond 1 MB', { body: ' '.repeat(1_048_577) }, 413, 'too-large', 'body'],
    ['a form', { headers: { 'content-type': 'text/plain' } }, 415, 'unsupported-media-type', 'content-type'],
  ])('%s', async (_, words, status, name, field) => {
    const { stream, post } = anEndpoint();

    const answer = await post(sent, words);

    expect(answer.headers?.['content-type']).toBe('application/problem+json');
    const problem = answerOf(answer);
    expect(problem).toMatchObject({ status, body: { type: `urn:rollcall:problem:${name}`, status } });
    expect(problem.body.field).toBe(field);
    expect(stream.beats).toEqual([]);
  });

  test('AC5 a body may be as long as the limit says', async () => {
    const { post } = anEndpoint({ limits: { bodyBytes: 16_384 } });
    expect((await post(JSON.stringify(sent).padEnd(16_384))).statusCode).toBe(202);
    expect((await post(JSON.stringify(sent).padEnd(16_385))).statusCode).toBe(413);
  });

  test('405 says what is allowed, 401 what is asked for', async () => {
    const { post } = anEndpoint();
    expect((await post(sent, { method: 'PUT' })).headers).toMatchObject({ allow: 'POST' });
    expect((await post(sent, { token: 'eve' })).headers).toMatchObject({ 'www-authenticate': 'Bearer' });
  });

  test('503 says when to try again, while the stream is too busy', async () => {
    const { stream, post } = anEndpoint();
    stream.busy = true;
    const answer = await post(sent);
    expect(answerOf(answer)).toMatchObject({ status: 503, body: { type: 'urn:rollcall:problem:busy' } });
    expect(answer.headers).toMatchObject({ 'retry-after': '5' });
  });

  test('a fault of ours is no answer, so that the platform counts it', async () => {
    const stream = new MemoryBeatStream();
    stream.put = () => Promise.reject(new Error('no such stream'));
    const { post, log } = anEndpoint({ stream });
    await expect(post(sent)).rejects.toThrow('no such stream');
    expect(log.errors).toHaveLength(1);
  });
});

describe('TR1 beats that are turned away', () => {
  test('given the stream is too busy, when a beat is turned away, then it is noted, at most every 2 s', async () => {
    const { stream, clock, post, refusals } = anEndpoint();
    stream.busy = true;
    await post(sent);
    clock.advance(1_999);
    await post(sent);
    expect(await refusals()).toEqual({ fromMs: at('10:00'), untilMs: at('10:00') });
    clock.advance(1);
    await post(sent);
    expect(await refusals()).toEqual({ fromMs: at('10:00'), untilMs: at('10:00:02') });
  });

  test('given one of an array is turned away, when the others are taken, then it is noted all the same', async () => {
    const stream = new MemoryBeatStream();
    stream.put = async (beats) => beats.map((_, n) => (n === 1 ? 'busy' : 'taken'));
    const { post, refusals } = anEndpoint({ stream });
    await post([sent, { ...sent, sessionId: 's2' }]);
    expect(await refusals()).toBeDefined();
  });

  test('given a fault of ours, when a beat fails by it, then it is noted', async () => {
    const stream = new MemoryBeatStream();
    stream.put = () => Promise.reject(new Error('no such stream'));
    const { post, refusals } = anEndpoint({ stream });
    await expect(post(sent)).rejects.toThrow('no such stream');
    expect(await refusals()).toBeDefined();
  });

  test.each<[string, unknown, RequestWords]>([
    ['a body that is no JSON', '{', {}],
    ['a token that proves nothing', sent, { token: 'forged' }],
    ['a facility of somebody else', { ...sent, facilities: ['clinic-8'] }, {}],
  ])("%s is the caller's fault, and holds nothing up", async (_, body, words) => {
    const { post, refusals } = anEndpoint();
    await post(body, words);
    expect(await refusals()).toBeUndefined();
  });
});

describe('TR2 a canary', () => {
  const canary = (secret: string, atMs: number): RequestWords => ({
    headers: { authorization: `rollcall-canary ${canaryToken(secret, atMs)}` },
  });

  test('given it knows the secret, when it is posted, then it is put on the stream as a beat would be', async () => {
    const { stream, post } = anEndpoint();
    expect((await post({}, canary('known to two', at('10:00')))).statusCode).toBe(202);
    expect(stream.canaries).toBe(1);
    expect(stream.beats).toEqual([]);
  });

  test.each<[string, RequestWords]>([
    ['another secret', canary('guessed', at('10:00'))],
    ['an old one', canary('known to two', at('09:59'))],
    ['none', { headers: { authorization: 'rollcall-canary' } }],
    ['a bearer token', { headers: { authorization: 'rollcall-canary ann' } }],
  ])('given %s, when it is posted, then it is refused like any other caller', async (_, words) => {
    const { stream, post, refusals } = anEndpoint();
    expect((await post({}, words)).statusCode).toBe(401);
    expect(stream.canaries).toBe(0);
    expect(await refusals()).toBeUndefined();
  });

  test('given the stream is too busy, when it is posted, then it is turned away and noted', async () => {
    const { stream, post, refusals } = anEndpoint();
    stream.busy = true;
    expect((await post({}, canary('known to two', at('10:00')))).statusCode).toBe(503);
    expect(await refusals()).toBeDefined();
  });
});
