import { createHmac } from 'node:crypto';

/** What a forged token says, and how it is signed. */
export interface Forgery {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Header and claims of a token that somebody else signed. */
export function partsOf(token: string): Forgery {
  const [header = '', claims = ''] = token.split('.');
  return { header: parsed(header), claims: parsed(claims) };
}

const parsed = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** The same claims under `alg: none`, without a signature. */
export const unsigned = (token: string): string =>
  `${base64url({ ...partsOf(token).header, alg: 'none' })}.${token.split('.')[1]}.`;

/** Other claims under the signature of this token. */
export function changed(token: string, claims: object): string {
  const [header, , signature] = token.split('.');
  return [header, base64url({ ...partsOf(token).claims, ...claims }), signature].join('.');
}

/** The same claims, signed with the issuer's public key as if it were a shared secret. */
export function signedWithPublicKey(token: string, publicKey: object): string {
  const { header, claims } = partsOf(token);
  const content = `${base64url({ ...header, alg: 'HS256' })}.${base64url(claims)}`;
  const mac = createHmac('sha256', JSON.stringify(publicKey)).update(content).digest('base64url');
  return `${content}.${mac}`;
}
