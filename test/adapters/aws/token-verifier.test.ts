import { JwtTokenVerifier } from '../../../adapters/aws/token-verifier';
import { TryAgainLater } from '../../../core/errors';
import { AccessRefused } from '../../../core/problem';
import { DevIssuer, type TokenRequest } from '../../../local/dev-issuer';
import { type LocalServer, listenOnLoopback } from '../../../local/loopback';
import { grants, hours } from '../../support/builders';

const audience = 'rollcall';
const claim = 'rollcall';

let keys: LocalServer;
let issuer: DevIssuer;
let verifier: JwtTokenVerifier;

const issuerAt = (url: string, given: { readonly audience?: string; readonly now?: () => number } = {}) =>
  DevIssuer.create({ issuer: url, audience, now: Date.now, ...given });

const verifierFor = (url: string): JwtTokenVerifier =>
  new JwtTokenVerifier([{ issuer: url, audience, jwksUri: `${url}/jwks.json` }], claim);

beforeEach(async () => {
  keys = await listenOnLoopback(async (_, response) => void response.end(JSON.stringify(issuer.jwks())));
  issuer = await issuerAt(keys.endpoint);
  verifier = verifierFor(keys.endpoint);
});

afterEach(() => keys.close());

describe('AC1 a token', () => {
  test('given it is valid, then it says who speaks, with which rights, and until when', async () => {
    const rollcall = { provide: { north: ['clinic-7'] }, watch: { '*': ['lab/*'] } };

    const identity = await verifier.verify(await issuer.token({ sub: 'ann', rollcall }));

    expect(identity).toMatchObject({ issuer: keys.endpoint, subject: 'ann' });
    expect(identity.rights).toEqual({
      provide: grants({ north: ['clinic-7'] }),
      watch: grants({ '*': ['lab/*'] }),
      manage: grants(),
    });
    expect(Math.abs(identity.expiresAtMs - Date.now() - hours(1))).toBeLessThan(5_000);
  });

  test('given it has no rights, then it is valid and allows nothing', async () => {
    const { rights } = await verifier.verify(await issuer.token({ sub: 'ann' }));

    expect(rights).toEqual({ provide: grants(), watch: grants(), manage: grants() });
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'given rights in a region %s, then it has them',
    async (region) => {
      const watch = JSON.parse(`{"${region}":["*"]}`);

      const { rights } = await verifier.verify(await issuer.token({ sub: 'ann', rollcall: { watch } }));

      expect(rights.watch).toEqual(new Map([[region, ['*']]]));
    },
  );

  test.each<[what: string, request: Partial<TokenRequest>]>([
    ['a claim that is no object', { rollcall: 7 }],
    ['a pattern that is none', { rollcall: { watch: { north: ['../x'] } } }],
  ])('given %s, then it is refused', async (_, request) => {
    const token = await issuer.token({ sub: 'ann', ...request });

    await expect(verifier.verify(token)).rejects.toThrow(AccessRefused);
  });

  test.each<[what: string, forged: () => Promise<string>]>([
    ['has expired', async () => (await anIssuer({ now: () => Date.now() - hours(2) })).token({ sub: 'ann' })],
    ['is for somebody else', async () => (await anIssuer({ audience: 'other' })).token({ sub: 'ann' })],
    ['is signed with another key', async () => (await issuerAt(keys.endpoint)).token({ sub: 'ann' })],
    ['is of another issuer', async () => (await issuerAt('http://other.example')).token({ sub: 'ann' })],
    ['was changed', async () => changed(await issuer.token({ sub: 'ann' }))],
    ['is signed by nobody', async () => unsigned(await issuer.token({ sub: 'ann' }))],
    ['is none', async () => 'token'],
  ])('given it %s, then it is refused', async (_, forged) => {
    await expect(verifier.verify(await forged())).rejects.toThrow(AccessRefused);
  });

  test('given the issuer does not give out its keys, then it is tried again later, not refused', async () => {
    const token = await issuer.token({ sub: 'ann' });
    await keys.close();

    await expect(verifierFor(keys.endpoint).verify(token)).rejects.toThrow(TryAgainLater);
  });
});

/** An issuer of this name takes over, so that the keys that are given out are its own. */
async function anIssuer(given: Parameters<typeof issuerAt>[1]): Promise<DevIssuer> {
  issuer = await issuerAt(keys.endpoint, given);
  return issuer;
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function changed(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return [header, base64url({ ...claims, rollcall: { watch: { '*': ['*'] } } }), signature].join('.');
}

const unsigned = (token: string): string =>
  [base64url({ alg: 'none', typ: 'JWT' }), token.split('.')[1], ''].join('.');
