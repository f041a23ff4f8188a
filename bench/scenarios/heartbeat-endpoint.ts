import { JwtTokenVerifier } from '../../adapters/aws/token-verifier';
import { MemoryBeatStream } from '../../adapters/memory/beat-stream';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import { defaultLimits } from '../../core/limits';
import type { TokenVerifier } from '../../core/ports';
import { defaultTimings } from '../../core/timings';
import { createEndpoint } from '../../lambdas/heartbeat-endpoint/endpoint';
import type { HttpEvent, HttpResult } from '../../lambdas/http';
import { DevIssuer } from '../../local/dev-issuer';
import { type LocalServer, listenOnLoopback } from '../../local/loopback';
import { costFigures, cpuFigure } from '../figures';
import { beatOf, beginningMs, uuidOf } from '../front-ends';
import { type Cost, costOf } from '../measure';
import { quietLog } from '../quiet-log';
import type { Figure, Scenario } from '../scenario';

const users = 500;
const claim = 'rollcall';
const audience = 'rollcall';

/** An endpoint whose stream forgets what it took. */
interface Stand {
  readonly handle: (event: HttpEvent) => Promise<HttpResult>;
  readonly clock: VirtualClock;
  readonly stream: MemoryBeatStream;
}

export const heartbeatEndpoint: Scenario = {
  title: 'heartbeat-endpoint, processor time per beat',
  about: `The real handler; ${users} users, each with a token of its own (RS256, 2,048 bits, as Cognito signs them), the issuer's key cached. The stream is in memory.`,
  async run() {
    const issuer = await startIssuer();
    try {
      const tokens = await issuer.tokens();
      const verifier = new JwtTokenVerifier(
        [{ issuer: issuer.url, audience, jwksUri: `${issuer.url}/jwks.json` }],
        claim,
      );
      const identities = new Map(
        await Promise.all(tokens.map(async (token) => [token, await verifier.verify(token)] as const)),
      );
      const known: TokenVerifier = { verify: async (token) => identities.get(token) as never };
      const whole = await oneByOne(standWith(verifier), tokens);
      const handlerAlone = await oneByOne(standWith(known), tokens);
      const signature = await costOf({
        items: users,
        work: async () => {
          for (const token of tokens) await verifier.verify(token);
        },
      });
      return [
        ...costFigures('a beat, signature check included', whole, 150),
        ...costFigures('the signature check alone', signature),
        ...costFigures('a beat without it', handlerAlone),
        ...(await allAtOnce(standWith(known), tokens[0] ?? '')),
      ];
    } finally {
      await issuer.close();
    }
  },
};

const standWith = (verifier: TokenVerifier): Stand => {
  const clock = new VirtualClock(beginningMs);
  const stream = new MemoryBeatStream();
  const handle = createEndpoint(
    {
      stream,
      verifier,
      watermarks: new MemoryWatermarks(defaultTimings),
      canarySecret: { read: async () => 'known to two' },
      clock,
      log: quietLog,
      limits: defaultLimits,
    },
    defaultTimings,
  );
  return { handle, clock, stream };
};

/** Every user beats once in a round, 30 s after the round before. */
async function oneByOne(stand: Stand, tokens: readonly string[]): Promise<Cost> {
  const events = tokens.map((token, index) => eventOf(token, bodyOf(index)));
  return await costOf({
    items: users,
    prepare: () => nextRound(stand),
    work: async () => {
      for (const event of events) expectTaken(await stand.handle(event));
    },
  });
}

/** A data provider's request: 500 sessions at once. */
async function allAtOnce(stand: Stand, token: string): Promise<readonly Figure[]> {
  const event = eventOf(
    token,
    Array.from({ length: users }, (_, index) => bodyOf(index)),
  );
  const cost = await costOf({
    items: users,
    prepare: () => nextRound(stand),
    work: async () => expectTaken(await stand.handle(event)),
  });
  return [cpuFigure('a beat, 500 of them in one request', cost)];
}

function nextRound({ clock, stream }: Stand): void {
  clock.advance(30_000);
  stream.beats.length = 0;
}

function expectTaken({ statusCode }: HttpResult): void {
  if (statusCode !== 202) throw new Error(`a beat was answered with ${statusCode}`);
}

function bodyOf(index: number): object {
  const { sessionId, region, covers } = beatOf(index);
  return { sessionId, region, facilities: covers, seq: 12, next: 30 };
}

/** A request as a function URL hands it over. */
const eventOf = (token: string, body: object): HttpEvent => ({
  headers: {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br, zstd',
    'accept-language': 'en-GB,en;q=0.9',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    host: 'abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws',
    origin: 'https://app.example',
    'user-agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  },
  requestContext: { http: { method: 'POST', path: '/' } } as HttpEvent['requestContext'],
  isBase64Encoded: false,
  body: JSON.stringify(body),
});

interface BenchIssuer {
  readonly url: string;
  tokens(): Promise<readonly string[]>;
  close(): Promise<void>;
}

async function startIssuer(): Promise<BenchIssuer> {
  let dev: DevIssuer | undefined;
  const server: LocalServer = await listenOnLoopback(async (_, response) => {
    response.end(JSON.stringify(dev?.jwks() ?? {}));
  });
  const issuer = await DevIssuer.create({ issuer: server.endpoint, audience, now: Date.now });
  dev = issuer;
  const provide = { north: ['*'] };
  return {
    url: server.endpoint,
    tokens: () =>
      Promise.all(
        Array.from({ length: users }, (_, index) =>
          issuer.token({ sub: uuidOf('a', index), rollcall: { provide } }),
        ),
      ),
    close: () => server.close(),
  };
}
