import { type LocalServer, listenOnLoopback } from '../../local/loopback';
import { Api, TokenRefused } from '../../web/api';
import type { Tokens } from '../../web/sign-in/tokens';

let server: LocalServer;
/** The tokens that requests came with, in order. */
let came: string[];
/** Those that are taken. */
let taken: ReadonlySet<string>;

beforeEach(async () => {
  came = [];
  taken = new Set();
  server = await listenOnLoopback(async ({ headers }, response) => {
    const token = (headers.authorization ?? '').slice('Bearer '.length);
    came.push(token);
    const body = JSON.stringify({ token });
    response.writeHead(taken.has(token) ? 200 : 401, { 'content-type': 'application/json' }).end(body);
  });
});

afterEach(() => server.close());

/** Gives `first` until it is dropped by its name, then `second`, and so on. */
class ListedTokens implements Tokens {
  readonly dropped: (string | undefined)[] = [];
  private at = 0;
  constructor(private readonly listed: readonly string[]) {}

  async current(): Promise<string> {
    return this.listed[this.at] ?? 'none';
  }

  drop(refused?: string): void {
    this.dropped.push(refused);
    if (refused === this.listed[this.at]) this.at += 1;
  }

  async signIn(): Promise<void> {}
  async signOut(): Promise<void> {}
}

test('given a token is refused, then the request is made once more with the next one', async () => {
  taken = new Set(['second']);
  const tokens = new ListedTokens(['first', 'second', 'third']);
  expect(await new Api(server.endpoint, tokens).get('/v1/regions')).toEqual({ token: 'second' });
  expect(tokens.dropped).toEqual(['first']);
});

test('given two requests are refused with one token, then both go on with the same next one', async () => {
  taken = new Set(['second']);
  const api = new Api(server.endpoint, new ListedTokens(['first', 'second', 'third']));
  await Promise.all([api.get('/v1/regions'), api.get('/v1/regions')]);
  expect(new Set(came)).toEqual(new Set(['first', 'second']));
});

test('given the next one is refused, too, then it is dropped as well, and the request has failed', async () => {
  const tokens = new ListedTokens(['first', 'second', 'third']);
  await expect(new Api(server.endpoint, tokens).get('/v1/regions')).rejects.toThrow(TokenRefused);
  expect(came).toEqual(['first', 'second']);
  expect(tokens.dropped).toEqual(['first', 'second']);
});
