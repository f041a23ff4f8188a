import type { LocalIssuer } from '../support/local-issuer';
import { inSeconds } from '../support/token-issuer';
import { changed, signedWithPublicKey, unsigned } from '../support/tokens';
import type { Dice } from './dice';
import { mark } from './texts';

type Header = string | readonly string[];
type Forge = (issuer: LocalIssuer, dice: Dice) => Promise<string>;

const signed =
  (claims: object, header: object = {}): Forge =>
  (issuer) =>
    issuer.token(claims as Readonly<Record<string, unknown>>, header as Readonly<Record<string, unknown>>);

/** Tokens that prove nothing. */
const forgeries: Readonly<Record<string, Forge>> = {
  'of another issuer': signed({ iss: 'https://else.example' }),
  'of an issuer that is no text': signed({ iss: { toString: mark } }),
  'for another audience': signed({ aud: 'else' }),
  'for no audience': signed({ aud: [] }),
  'that has expired': async (issuer) => await issuer.token({ exp: inSeconds(-1) }),
  'that never expires': signed({ exp: 'never' }),
  'that is not valid yet': async (issuer) => await issuer.token({ nbf: inSeconds(600) }),
  'without a subject': signed({ sub: 7 }),
  'signed with another key': (issuer) => issuer.forged(),
  'with a key that is a path': signed({}, { kid: '../../../../../../dev/null' }),
  'with a key that is a query': signed({}, { kid: "x' UNION SELECT 'secret" }),
  'with alg none': async (issuer) => unsigned(await issuer.token()),
  'signed with the public key as a secret': async (issuer) =>
    signedWithPublicKey(await issuer.token(), issuer.publicKey),
  'with other claims': async (issuer) => changed(await issuer.token(), { sub: 'boss' }),
  'with some bits changed': async (issuer, dice) => flipped(await issuer.token(), dice),
  'without its signature': async (issuer) => (await issuer.token()).split('.').slice(0, 2).join('.'),
  'with a part too many': async (issuer) => `${await issuer.token()}.${mark}`,
  'that is cut off': async (issuer, dice) => {
    const token = await issuer.token();
    return token.slice(0, dice.whole(1, token.length - 2));
  },
  'of dots': async () => '...',
  'of five parts': async () => 'a.b.c.d.e',
  'that is no token': async () => mark,
  'of numbers': async () => 'MQ.MQ.MQ',
  'with rights that are a number': signed({ rollcall: 7 }),
  'with rights that are a list': signed({ rollcall: [{ watch: { '*': ['*'] } }] }),
  'with rights that are half a JSON text': signed({ rollcall: '{"watch":{"*":["*"]}' }),
  'with rights that are a JSON text of a JSON text': signed({
    rollcall: JSON.stringify(JSON.stringify({ watch: { '*': ['*'] } })),
  }),
  'with rights for a text': signed({ rollcall: { watch: '*' } }),
  'with rights for a pattern in the middle': signed({ rollcall: { watch: { '*': ['a*b'] } } }),
  'with rights in no region': signed({ rollcall: { watch: { 'a/b': ['*'] } } }),
  'with more rights than fit': signed({ rollcall: { watch: { '*': Array(1_001).fill('a') } } }),
  'with rights within rights': signed({ rollcall: { watch: { '*': { '*': ['*'] } } } }),
};

/** Claims that look odd and are right. */
const oddities: Readonly<Record<string, Forge>> = {
  'rights as a JSON text': signed({ rollcall: '{"watch":{"*":["*"]}}' }),
  'rights in __proto__': signed({
    rollcall: JSON.parse('{"watch":{"__proto__":["*"],"constructor":["*"]}}'),
  }),
  'no rights': signed({ rollcall: null }),
  'rights of another kind': signed({ rollcall: { admin: true, __proto__: null } }),
  'a prototype as a claim': signed(JSON.parse('{"__proto__":{"rollcall":{"watch":{"*":["*"]}}}}')),
  'a subject of control characters': signed({ sub: 'a\u0000\r\nb' }),
  'a long subject': signed({ sub: 's'.repeat(2_000) }),
  'an empty subject': signed({ sub: '' }),
  'half a pair as a subject': signed({ sub: '\ud800' }),
  'an end in the far future': signed({ exp: 1e15 }),
  'two audiences': signed({ aud: ['else', 'rollcall'] }),
};

/** A header that no verifier may take; and why. */
export async function forgedAuthorization(
  issuer: LocalIssuer,
  dice: Dice,
): Promise<{ readonly what: string; readonly authorization: Header | undefined }> {
  if (dice.chance(0.2)) return await wrongHeader(issuer, dice);
  const [what, forge] = dice.pick(Object.entries(forgeries));
  return { what: `a token ${what}`, authorization: `Bearer ${await forge(issuer, dice)}` };
}

/** A token that counts, with claims that few would expect. */
export async function oddAuthorization(issuer: LocalIssuer, dice: Dice) {
  const [what, forge] = dice.pick(Object.entries(oddities));
  return { what: `a token with ${what}`, authorization: `Bearer ${await forge(issuer, dice)}` };
}

/** A good token that is presented in a way that is none. */
async function wrongHeader(issuer: LocalIssuer, dice: Dice) {
  const token = await issuer.token();
  const headers: Readonly<Record<string, Header | undefined>> = {
    'no header': undefined,
    'no scheme': token,
    'another scheme': `Basic ${token}`,
    'two spaces': `Bearer  ${token}`,
    'a word too many': `Bearer ${token} ${mark}`,
    'a scheme alone': 'Bearer',
    'a canary that is none': `rollcall-canary ${Date.now()}.${token.split('.')[2]}`,
    'two tokens': `Bearer ${token}, Bearer ${token}`,
  };
  const [what, authorization] = dice.pick(Object.entries(headers));
  return { what: `a token with ${what}`, authorization };
}

function flipped(token: string, dice: Dice): string {
  // The last character of a part holds bits that decode to nothing; any other one counts.
  const parts = token.split('.');
  const part = dice.whole(0, 2);
  const text = parts[part] ?? '';
  const at = dice.whole(0, text.length - 2);
  const other = text[at] === 'A' ? 'B' : 'A';
  parts[part] = text.slice(0, at) + other + text.slice(at + 1);
  return parts.join('.');
}
