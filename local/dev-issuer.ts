import { type JWTPayload, SignJWT } from 'jose';
import { isSubject } from '../core/ids';
import { exactly, type Reader, text, wholeNumber } from '../core/shape';
import { algorithm, keptSigningKey, newSigningKey, type SigningKey } from './signing-key';

/** What a token is wanted for. */
export interface TokenRequest {
  readonly sub: string;
  /** The claim `rollcall`, passed on as it is: also one that grants nothing, or nonsense. */
  readonly rollcall?: unknown;
  /** Seconds that the token is valid for; an hour unless told otherwise. */
  readonly expiresIn?: number;
}

export interface DevIssuerOptions {
  /** The issuer's URL, as tokens carry it. */
  readonly issuer: string;
  readonly audience: string;
  readonly now: () => number;
  /** Keeps the key, so that tokens outlive a restart. */
  readonly keyFile?: string;
}

/** Whom a demo role stands for. */
export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly rollcall: object;
}

/** Where the issuer's own pages and endpoints are. */
export const signInPaths = {
  authorize: '/dev/sign-in',
  token: '/dev/sign-in/token',
  revoke: '/dev/sign-in/revoke',
  signOut: '/dev/sign-out',
} as const;

const anHourSeconds = 3_600;
const aWeekSeconds = 7 * 24 * anHourSeconds;

/**
 * Stands for an identity provider on this machine: signs whatever it is asked for, with a key that it published where
 * OpenID Connect Discovery 1.0 wants it.
 */
export class DevIssuer {
  private constructor(
    private readonly options: DevIssuerOptions,
    private readonly key: SigningKey,
  ) {}

  get url(): string {
    return this.options.issuer;
  }

  get clientId(): string {
    return this.options.audience;
  }

  static async create(options: DevIssuerOptions): Promise<DevIssuer> {
    const { keyFile } = options;
    return new DevIssuer(
      options,
      keyFile === undefined ? await newSigningKey() : await keptSigningKey(keyFile),
    );
  }

  jwks(): object {
    return { keys: [this.key.publicJwk] };
  }

  discovery(): object {
    const { issuer } = this.options;
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      authorization_endpoint: `${issuer}${signInPaths.authorize}`,
      token_endpoint: `${issuer}${signInPaths.token}`,
      revocation_endpoint: `${issuer}${signInPaths.revoke}`,
      end_session_endpoint: `${issuer}${signInPaths.signOut}`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      scopes_supported: ['openid'],
      prompt_values_supported: ['none', 'login', 'select_account'],
      authorization_response_iss_parameter_supported: true,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm],
    };
  }

  async token({ sub, rollcall, expiresIn }: TokenRequest): Promise<string> {
    return await this.signed(sub, rollcall === undefined ? {} : { rollcall }, expiresIn);
  }

  /** An ID token for somebody who signed in. */
  async idToken({ sub, name, rollcall }: Person, nonce: string | undefined): Promise<string> {
    return await this.signed(sub, { name, rollcall, ...(nonce !== undefined && { nonce }) });
  }

  private async signed(sub: string, claims: JWTPayload, expiresIn = anHourSeconds): Promise<string> {
    const nowSeconds = Math.floor(this.options.now() / 1_000);
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid: this.key.id })
      .setIssuer(this.options.issuer)
      .setAudience(this.options.audience)
      .setSubject(sub)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + expiresIn)
      .sign(this.key.privateKey);
  }
}

const anything: Reader<unknown> = (value) => value;

/** @throws FieldRefused naming the first field outside the contract. */
export const readTokenRequest: Reader<TokenRequest> = exactly({
  required: { sub: text(isSubject, 'a subject, 1 to 256 bytes') },
  optional: {
    rollcall: anything,
    expiresIn: wholeNumber(
      (seconds) => seconds >= 1 && seconds <= aWeekSeconds,
      `1 to ${aWeekSeconds} seconds`,
    ),
  },
});
