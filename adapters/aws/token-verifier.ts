import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { TryAgainLater } from '../../core/errors';
import type { TokenVerifier } from '../../core/ports';
import { AccessRefused } from '../../core/problem';
import { type Identity, parseRights } from '../../core/rights';
import { FieldRefused } from '../../core/shape';

/** An issuer whose tokens are accepted; its keys are at `jwksUri`, by default where Cognito has them. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri?: string;
}

const keysTimeoutMs = 3_000;

/** Verifies JWTs offline: the issuers' keys are fetched once and again when an unknown key id appears (AC1). */
export class JwtTokenVerifier implements TokenVerifier {
  private readonly verifier;

  /** @param claim name of the claim that holds the rights */
  constructor(
    issuers: readonly TrustedIssuer[],
    private readonly claim: string,
  ) {
    const jwksCache = new SimpleJwksCache({ fetcher: { fetch: fetchKeys } });
    this.verifier = JwtVerifier.create(
      issuers.map((trusted) => ({ ...trusted })),
      { jwksCache },
    );
  }

  async verify(token: string): Promise<Identity> {
    try {
      await this.verifier.verify(token);
      return this.identityOf(claimsIn(token));
    } catch (error) {
      if (error instanceof FetchError) {
        throw new TryAgainLater('the issuer does not give out its keys', { actual: error.message });
      }
      if (error instanceof JwtBaseError || error instanceof FieldRefused) {
        throw new AccessRefused(error.message);
      }
      throw error;
    }
  }

  private identityOf(claims: { readonly [name: string]: unknown }): Identity {
    const { iss, sub, exp } = claims;
    if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') {
      throw new AccessRefused('the token lacks iss, sub or exp');
    }
    const rights = parseRights(Object.hasOwn(claims, this.claim) ? claims[this.claim] : undefined);
    return { issuer: iss, subject: sub, rights, expiresAtMs: exp * 1_000 };
  }
}

/**
 * All claims of a token that was verified. The verifier gives them out without whatever is called `__proto__` or
 * `constructor`, at any depth; but these are legal names of regions.
 */
const claimsIn = (token: string): { readonly [name: string]: unknown } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(keysTimeoutMs) });
    if (!response.ok) throw new FetchError(uri, `status ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw error instanceof FetchError ? error : new FetchError(uri, error);
  }
}
