import { JwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwksValidationError, JwkValidationError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { TryAgainLater } from '../../core/errors';
import type { Log, TokenVerifier } from '../../core/ports';
import { AccessRefused } from '../../core/problem';
import { type Identity, parseRights, type Rights } from '../../core/rights';
import { FieldRefused } from '../../core/shape';
import { whyRefused } from './token-refusals';

/** An issuer whose tokens are accepted; its keys are at `jwksUri`, by default where Cognito has them. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri?: string;
  /** What the claim `token_use` must say, for an issuer whose tokens have it. */
  readonly tokenUse?: 'id' | 'access';
}

/** The last instant that a Date can be (ECMA-262, "Time Values and Time Range"); no store holds a later one exactly. */
const lastInstantMs = 8.64e15;

/** For each of two attempts. */
const keysTimeoutMs = 1_500;

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
      issuers.map(({ tokenUse, ...trusted }) => ({ ...trusted, customJwtCheck: usedAs(tokenUse) })),
      { jwksCache },
    );
  }

  /**
   * Fetches the issuers' keys before the first token comes. An issuer that cannot be reached keeps nothing from starting:
   * the tokens of the others are none the worse for it, and its own are verified as soon as it answers again.
   */
  async prefetchKeys(log: Log): Promise<void> {
    try {
      await this.verifier.hydrate();
    } catch (error) {
      log.error('no issuer gives out its keys yet', error);
    }
  }

  async verify(token: string): Promise<Identity> {
    await this.prove(token);
    return this.identityOf(claimsIn(token));
  }

  /** Whatever goes wrong here is the token's own doing, unless it is the issuer's: it must hold nothing up (TR1). */
  private async prove(token: string): Promise<void> {
    try {
      await this.verifier.verify(token);
    } catch (error) {
      if (isTroubleOfIssuer(error)) {
        throw new TryAgainLater('the issuer does not give out its keys', { actual: error.message });
      }
      throw error instanceof AccessRefused ? error : new AccessRefused(whyRefused(error));
    }
  }

  private identityOf(claims: { readonly [name: string]: unknown }): Identity {
    const { iss, sub, exp } = claims;
    if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') {
      throw new AccessRefused('the token lacks iss, sub or exp');
    }
    const rights = rightsIn(Object.hasOwn(claims, this.claim) ? claims[this.claim] : undefined);
    return { issuer: iss, subject: sub, rights, expiresAtMs: Math.min(exp * 1_000, lastInstantMs) };
  }
}

function rightsIn(claim: unknown): Rights {
  try {
    return parseRights(claim);
  } catch (error) {
    if (!(error instanceof FieldRefused)) throw error;
    throw new AccessRefused(`the rights in the token cannot be read: ${error.message}`);
  }
}

const isTroubleOfIssuer = (error: unknown): error is Error =>
  error instanceof FetchError || error instanceof JwksValidationError || error instanceof JwkValidationError;

const usedAs =
  (tokenUse: TrustedIssuer['tokenUse']) =>
  ({ payload }: { readonly payload: { readonly [name: string]: unknown } }): void => {
    if (tokenUse !== undefined && payload.token_use !== tokenUse) {
      throw new AccessRefused('the token was made for another use');
    }
  };

/**
 * All claims of a token that was verified. The verifier gives them out without whatever is called `__proto__` or
 * `constructor`, at any depth; but these are legal names of regions.
 */
const claimsIn = (token: string): { readonly [name: string]: unknown } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

/** Tried again at once: a fetch that was begun before the platform froze this copy fails when it is thawed. */
async function fetchKeys(uri: string): Promise<ArrayBuffer> {
  try {
    return await fetchKeysOnce(uri);
  } catch {
    return await fetchKeysOnce(uri);
  }
}

async function fetchKeysOnce(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(keysTimeoutMs) });
    if (!response.ok) throw new FetchError(uri, `status ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw error instanceof FetchError ? error : new FetchError(uri, error);
  }
}
