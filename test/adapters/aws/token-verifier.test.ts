import { JwtTokenVerifier, type TrustedIssuer } from '../../../adapters/aws/token-verifier';
import { TryAgainLater } from '../../../core/errors';
import { AccessRefused } from '../../../core/problem';
import { grants, hours } from '../../support/builders';
import { ListLog } from '../../support/http';
import { inSeconds, TokenIssuer } from '../../support/token-issuer';
import { changed, signedWithPublicKey, unsigned } from '../../support/tokens';

const audience = 'rollcall';

let issuer: TokenIssuer;
let other: TokenIssuer;
let verifier: JwtTokenVerifier;

const trusting = ({ url, jwksUri }: TokenIssuer, given: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  issuer: url,
  audience,
  jwksUri,
  ...given,
});

const verifierOf = (...issuers: readonly TrustedIssuer[]): JwtTokenVerifier =>
  new JwtTokenVerifier(issuers, 'rollcall');

beforeEach(async () => {
  issuer = await TokenIssuer.start();
  other = await TokenIssuer.start();
  verifier = verifierOf(trusting(issuer));
});

afterEach(async () => {
  await issuer.close();
  await other.close();
});

describe('AC1 a token', () => {
  test('given it is valid, then it says who speaks, with which rights, and until when', async () => {
    const rollcall = { provide: { north: ['clinic-7'] }, watch: { '*': ['lab/*'] } };

    const identity = await verifier.verify(await issuer.token({ rollcall }));

    expect(identity).toMatchObject({ issuer: issuer.url, subject: 'ann' });
    expect(identity.rights).toEqual({
      provide: grants({ north: ['clinic-7'] }),
      watch: grants({ '*': ['lab/*'] }),
      manage: grants(),
    });
    expect(Math.abs(identity.expiresAtMs - Date.now() - hours(1))).toBeLessThan(5_000);
  });

  test('given it ends later than any Date can say, then it ends with the last one', async () => {
    const { expiresAtMs } = await verifier.verify(await issuer.token({ exp: 1e15 }));

    expect(new Date(expiresAtMs).toISOString()).toBe('+275760-09-13T00:00:00.000Z');
  });

  test('given it has no rights, then it is valid and allows nothing', async () => {
    const { rights } = await verifier.verify(await issuer.token());

    expect(rights).toEqual({ provide: grants(), watch: grants(), manage: grants() });
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'given rights in a region %s, then it has them',
    async (region) => {
      const watch = JSON.parse(`{"${region}":["*"]}`);

      const { rights } = await verifier.verify(await issuer.token({ rollcall: { watch } }));

      expect(rights.watch).toEqual(new Map([[region, ['*']]]));
    },
  );

  test('given it is signed with RSA, as Cognito does, then it is as good', async () => {
    const cognito = await TokenIssuer.start('RS256');

    const verifying = verifierOf(trusting(cognito)).verify(await cognito.token());

    expect(await verifying).toMatchObject({ issuer: cognito.url });
    await cognito.close();
  });

  test('given it is for several audiences, then ours may be any of them', async () => {
    const token = await issuer.token({ aud: ['other', audience] });

    expect(await verifier.verify(token)).toMatchObject({ subject: 'ann' });
  });
});

/** Every way in which a token may be wrong, and what the log says of it. */
const wrong: readonly [what: string, forged: () => string | Promise<string>, why: string][] = [
  ['has expired', () => issuer.token({ exp: inSeconds(-5) }), 'has expired'],
  ['is not valid yet', () => issuer.token({ nbf: inSeconds(60) }), 'is not valid yet'],
  ['is for somebody else', () => issuer.token({ aud: 'other' }), 'is for another audience'],
  ['is for nobody', () => issuer.token({ aud: undefined }), 'is for another audience'],
  ['never ends', () => issuer.token({ exp: undefined }), 'lacks iss, sub or exp'],
  ['speaks for nobody', () => issuer.token({ sub: undefined }), 'lacks iss, sub or exp'],
  ['is of another issuer', () => other.token({}, { kid: 'key-2' }), 'is signed with an unknown key'],
  ['says that it is of another issuer', () => issuer.token({ iss: other.url }), 'is of another issuer'],
  ['is signed with another key', () => other.token({ iss: issuer.url }), 'is signed with another key'],
  ['names a key that is none', () => issuer.token({}, { kid: 'key-9' }), 'is signed with an unknown key'],
  ['names no key', () => issuer.token({}, { kid: undefined }), 'is signed with an unknown key'],
  ['was changed', async () => changed(await issuer.token(), { sub: 'eve' }), 'is signed with another key'],
  ['is signed by nobody', async () => unsigned(await issuer.token()), 'is no signed JWT'],
  [
    'is signed with the public key as a shared secret',
    async () => signedWithPublicKey(await issuer.token(), issuer.jwks.keys[0] ?? {}),
    'is signed in a way that does not fit its key',
  ],
  [
    'is signed with noise',
    async () => `${(await issuer.token()).split('.').slice(0, 2).join('.')}.AAAA`,
    'the signature of the token cannot be checked',
  ],
  ['is empty', () => '', 'is no signed JWT'],
  ['is garbage', () => 'garbage', 'is no signed JWT'],
  ['looks like one', () => 'eyJ4.eyJ4.eyJ4', 'is no signed JWT'],
  ['has rights that are none', () => issuer.token({ rollcall: 7 }), 'cannot be read: rollcall: expected'],
  [
    'has a pattern that is none',
    () => issuer.token({ rollcall: { watch: { north: ['../x'] } } }),
    'cannot be read: rollcall.watch.north[0]: expected',
  ],
];

const refusalOf = async (verifying: Promise<unknown>): Promise<AccessRefused> => {
  const error = await verifying.catch((thrown: unknown) => thrown);
  if (error instanceof AccessRefused) return error;
  throw new Error(`not refused: ${String(error)}`);
};

describe('AC1 a token that proves nothing is refused', () => {
  test.each(wrong)(
    'given it %s, then the log says so, without what the token says',
    async (_, forged, why) => {
      const token = await forged();

      const refusal = await refusalOf(verifier.verify(token));

      expect(refusal.why).toContain(why);
      for (const part of token.split('.').filter((text) => text.length > 3)) {
        expect(refusal.why).not.toContain(part);
        expect(refusal.why).not.toContain(Buffer.from(part, 'base64url').toString('utf8').slice(0, 10));
      }
      expect(refusal.why).not.toContain('http');
    },
  );

  test.each(wrong)('given it %s, then the caller is told what every other is', async (_, forged) => {
    const { problem } = await refusalOf(verifier.verify(await forged()));

    expect(problem).toEqual({
      type: 'urn:rollcall:problem:unauthenticated',
      title: 'A valid bearer token is needed',
      status: 401,
      detail: 'The bearer token is missing, expired, or not from a trusted issuer.',
    });
  });
});

describe('AC1 several issuers', () => {
  test('each is trusted with its own keys and audience', async () => {
    const both = verifierOf(trusting(issuer), trusting(other, { audience: 'apps' }));

    expect(await both.verify(await issuer.token())).toMatchObject({ issuer: issuer.url });
    expect(await both.verify(await other.token({ aud: 'apps' }))).toMatchObject({ issuer: other.url });
    expect((await refusalOf(both.verify(await other.token()))).why).toContain('another audience');
    const posing = await other.token({ iss: issuer.url });
    expect((await refusalOf(both.verify(posing))).why).toContain('another key');
    const unknown = await issuer.token({ iss: 'https://else.example' });
    expect((await refusalOf(both.verify(unknown))).why).toContain('another issuer');
  });

  test('given one does not give out its keys, then tokens of the other count all the same', async () => {
    const both = verifierOf(trusting(issuer), trusting(other));
    await other.close();

    await both.prefetchKeys(new ListLog());

    expect(await both.verify(await issuer.token())).toMatchObject({ issuer: issuer.url });
    other = await TokenIssuer.start();
  });
});

describe('AC1 the use of a token', () => {
  test.each([
    ['id', 'id', true],
    ['access', 'id', false],
    [undefined, 'id', false],
    ['access', 'access', true],
    ['id', undefined, true],
    [undefined, undefined, true],
  ] as const)('given %p where %p is wanted: %p', async (token_use, tokenUse, accepted) => {
    const picky = verifierOf(trusting(issuer, tokenUse && { tokenUse }));

    const verifying = picky.verify(await issuer.token({ token_use }));

    if (accepted) expect(await verifying).toMatchObject({ subject: 'ann' });
    else expect((await refusalOf(verifying)).why).toBe('the token was made for another use');
  });
});

describe('AC1 the keys of an issuer', () => {
  test('given they were fetched beforehand, then verifying asks for nothing', async () => {
    await verifier.prefetchKeys(new ListLog());
    expect(issuer.fetches).toBe(1);

    await verifier.verify(await issuer.token());
    await verifier.verify(await issuer.token());

    expect(issuer.fetches).toBe(1);
  });

  test('given they are on their way, when a token comes, then it waits for that fetch', async () => {
    const token = await issuer.token();

    await Promise.all([verifier.prefetchKeys(new ListLog()), verifier.verify(token)]);

    expect(issuer.fetches).toBe(1);
  });

  test('given it has new ones, when a token is signed with them, then they are fetched again', async () => {
    await verifier.verify(await issuer.token());
    await issuer.rotateTo('key-2');

    expect(await verifier.verify(await issuer.token())).toMatchObject({ subject: 'ann' });
    expect(issuer.fetches).toBe(2);
  });

  test('given somebody invents keys, then the issuer is asked once, not each time', async () => {
    const invented = await issuer.token({}, { kid: 'key-9' });
    await verifier.verify(await issuer.token());

    for (let count = 0; count < 3; count += 1) await refusalOf(verifier.verify(invented));

    expect(issuer.fetches).toBe(2);
    expect(await verifier.verify(await issuer.token())).toMatchObject({ subject: 'ann' });
  });

  test('given it cannot be reached beforehand, then nothing fails but a line in the log', async () => {
    issuer.instead = { status: 500, text: '' };
    const log = new ListLog();

    await verifier.prefetchKeys(log);
    expect(log.errors).toHaveLength(1);

    issuer.instead = undefined;
    expect(await verifier.verify(await issuer.token())).toMatchObject({ subject: 'ann' });
  });

  test.each([
    ['fails', { status: 503, text: '' }],
    ['gives out a page', { status: 200, text: '<html></html>' }],
    ['gives out something else', { status: 200, text: '{"keys":[7]}' }],
  ])('TR1 given it %s, then its tokens are tried again later, not refused', async (_, instead) => {
    issuer.instead = instead;

    await expect(verifier.verify(await issuer.token())).rejects.toThrow(TryAgainLater);
  });

  test('TR1 given it cannot be reached, then the same', async () => {
    const token = await issuer.token();
    await issuer.close();

    await expect(verifier.verify(token)).rejects.toThrow(TryAgainLater);
    issuer = await TokenIssuer.start();
  });
});
