import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** A key pair for tokens; the public half as issuers publish it. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: Awaited<ReturnType<typeof importJWK>>;
  readonly publicJwk: JWK;
}

/** The algorithm that Amazon Cognito signs with. */
export const algorithm = 'RS256';

export async function newSigningKey(): Promise<SigningKey> {
  return await signingKeyFrom(await newPrivateJwk());
}

/** The key in this file, made at the first start, so that tokens outlive a restart. */
export async function keptSigningKey(file: string): Promise<SigningKey> {
  if (existsSync(file)) return await signingKeyFrom(JSON.parse(readFileSync(file, 'utf8')));
  const jwk = await newPrivateJwk();
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  return await signingKeyFrom(jwk);
}

async function newPrivateJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return await exportJWK(privateKey);
}

async function signingKeyFrom(jwk: JWK): Promise<SigningKey> {
  const { kty, n, e } = jwk;
  const publicParts = { ...(kty && { kty }), ...(n && { n }), ...(e && { e }) } as JWK;
  const id = await calculateJwkThumbprint(publicParts);
  return {
    id,
    privateKey: await importJWK(jwk, algorithm),
    publicJwk: { ...publicParts, kid: id, use: 'sig', alg: algorithm },
  };
}
