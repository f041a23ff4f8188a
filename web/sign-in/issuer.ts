import * as oauth from 'oauth4webapi';
import { RollcallError } from '../../core/errors';
import type { SignInConfig } from '../wire';
import type { Returned, Tab } from './tab';

/** The issuer, or the operator there, said no; `details.actual` is the code that it gave. */
export class SignInRefused extends RollcallError {}

/** What a sign-in gives. */
export interface Grant {
  /** The ID token: the one that carries the audience and the claim with the rights. */
  readonly token: string;
  readonly claims: oauth.IDToken;
}

const timeoutMs = 15_000;
/** How wrong the clock of the operator's machine may go; the server checks the token by its own. */
const toleratedSeconds = 300;

/**
 * An OpenID Connect issuer, spoken to with the authorization code grant and PKCE (RFC 7636), which every issuer that a page
 * may use has. Tokens are in this object's memory only.
 */
export class Issuer {
  private readonly client: oauth.Client;
  private server: Promise<oauth.AuthorizationServer> | undefined;
  private refreshToken: string | undefined;
  /** How often the page was to be left, or was not to be left any more; only the last time counts. */
  private ways = 0;

  constructor(
    private readonly config: SignInConfig,
    private readonly tab: Tab,
  ) {
    this.client = { client_id: config.clientId, [oauth.clockTolerance]: toleratedSeconds };
  }

  /**
   * Goes to the issuer's own page; nothing after it happens in this life of ours.
   * @param prompt `none`: the issuer asks nothing, and sends back at once whether it still knows the operator
   */
  async leave(prompt?: 'none'): Promise<never> {
    this.ways += 1;
    const way = this.ways;
    const server = await this.discovered();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = {
      client_id: this.config.clientId,
      redirect_uri: this.tab.home,
      response_type: 'code',
      scope: this.config.scopes.join(' '),
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(prompt && { prompt }),
    };
    if (way !== this.ways) return await new Promise<never>(() => {});
    const { pathname, search, hash } = new URL(this.tab.url);
    this.tab.remember({ state, nonce, verifier, view: `${pathname}${search}${hash}` });
    return await this.tab.leave(withQuery(endpoint(server, 'authorization_endpoint'), parameters));
  }

  /**
   * Turns the answer that the operator came back with into tokens.
   * @throws SignInRefused
   */
  async redeem({ url, pending }: Returned): Promise<Grant> {
    const server = await this.discovered();
    const { client, tab } = this;
    return await this.granted(async () => {
      const answer = oauth.validateAuthResponse(server, client, new URL(url), pending.state);
      const { verifier, nonce } = pending;
      const none = oauth.None();
      const options = this.options();
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        none,
        answer,
        tab.home,
        verifier,
        options,
      );
      const expected = { expectedNonce: nonce, requireIdToken: true };
      return await oauth.processAuthorizationCodeResponse(server, client, response, expected);
    });
  }

  /**
   * A new token without anybody noticing.
   * @returns nothing where the issuer gave no refresh token, or takes it no more
   */
  async refresh(): Promise<Grant | undefined> {
    const token = this.refreshToken;
    if (token === undefined) return undefined;
    const server = await this.discovered();
    try {
      return await this.granted(async () => {
        const none = oauth.None();
        const response = await oauth.refreshTokenGrantRequest(
          server,
          this.client,
          none,
          token,
          this.options(),
        );
        return await oauth.processRefreshTokenResponse(server, this.client, response);
      });
    } catch (error) {
      if (!(error instanceof SignInRefused)) throw error;
      this.refreshToken = undefined;
      return undefined;
    }
  }

  /** Ends the sign-in here and at the issuer, and comes back; where the issuer cannot end it, here alone. */
  async signOut(): Promise<void> {
    // The page may be on its way to a renewal, which would sign the same person in again.
    this.ways += 1;
    this.tab.stay();
    const server = await this.discovered();
    const token = this.refreshToken;
    this.refreshToken = undefined;
    if (token !== undefined && server.revocation_endpoint !== undefined) await this.revoke(server, token);
    if (server.end_session_endpoint === undefined) return;
    await this.tab.leave(
      withQuery(server.end_session_endpoint, signOutQuery(server, this.config, this.tab.home)),
    );
  }

  /** An issuer that cannot be reached for this must not keep anybody signed in. */
  private async revoke(server: oauth.AuthorizationServer, token: string): Promise<void> {
    try {
      await oauth.revocationRequest(server, this.client, oauth.None(), token, this.options());
    } catch (error) {
      console.warn('Rollcall: the refresh token could not be revoked:', error);
    }
  }

  private async discovered(): Promise<oauth.AuthorizationServer> {
    this.server ??= this.discover();
    try {
      return await this.server;
    } catch (error) {
      this.server = undefined;
      throw error;
    }
  }

  private async discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(this.config.issuer);
    return await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, this.options()));
  }

  private options() {
    return {
      signal: AbortSignal.timeout(timeoutMs),
      [oauth.allowInsecureRequests]: isThisMachine(this.config.issuer),
    };
  }

  private async granted(ask: () => Promise<oauth.TokenEndpointResponse>): Promise<Grant> {
    try {
      const response = await ask();
      const claims = oauth.getValidatedIdTokenClaims(response);
      if (response.id_token === undefined || claims === undefined) {
        throw new SignInRefused('the issuer sent no ID token', { actual: 'no-id-token' });
      }
      this.refreshToken = response.refresh_token ?? this.refreshToken;
      return { token: response.id_token, claims };
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** What was answered is a refusal; what was not answered may be tried again. */
function refusalOf(error: unknown): unknown {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const busy = error instanceof oauth.ResponseBodyError && (error.status === 429 || error.status >= 500);
    return busy ? error : new SignInRefused('the issuer refused', { actual: error.error });
  }
  const passing: readonly (string | undefined)[] = [
    oauth.RESPONSE_IS_NOT_CONFORM,
    oauth.RESPONSE_IS_NOT_JSON,
  ];
  if (error instanceof oauth.OperationProcessingError && !passing.includes(error.code)) {
    return new SignInRefused(error.message, { actual: 'unexpected-answer' });
  }
  return error;
}

function endpoint(server: oauth.AuthorizationServer, name: 'authorization_endpoint'): string {
  const url = server[name];
  if (url === undefined) throw new SignInRefused('the issuer has no such endpoint', { actual: name });
  return url;
}

/**
 * Never the ID token as a hint: it does not belong in a URL. Amazon Cognito knows `logout_uri` in place of what OpenID
 * Connect RP-Initiated Logout 1.0 has, and may refuse what it does not know.
 */
const signOutQuery = (
  { issuer }: oauth.AuthorizationServer,
  { clientId }: SignInConfig,
  home: string,
): Readonly<Record<string, string>> =>
  new URL(issuer).hostname.startsWith('cognito-idp.')
    ? { client_id: clientId, logout_uri: home }
    : { client_id: clientId, post_logout_redirect_uri: home };

function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target.href;
}

const isThisMachine = (url: string): boolean => ['localhost', '127.0.0.1'].includes(new URL(url).hostname);
