import * as oauth from 'oauth4webapi';
import { RollcallError } from '../core/errors';
import type { IssuerSignIn } from './wire';

/** The issuer sent no ID token, which is the one that carries the audience and the claim with the rights. */
export class SignInFailed extends RollcallError {}

/** What must outlive the way to the issuer and back; never a token. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly hash: string;
}

const pendingKey = 'rollcall.sign-in';
const redirectUri = (): string => `${location.origin}${location.pathname}`;

let refreshToken: string | undefined;

/**
 * Signs in with the authorization code grant and PKCE (RFC 7636), or silently with a refresh token of this page's life.
 * Leaves the page where the operator must first go to the issuer.
 */
export async function issuerToken(signIn: IssuerSignIn): Promise<string> {
  const issuer = new URL(signIn.issuer);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
  const client: oauth.Client = { client_id: signIn.clientId };
  const pending = takePending();
  if (refreshToken !== undefined) return await refreshed(server, client, refreshToken);
  if (pending !== undefined && isReturn()) return await redeemed(server, client, pending);
  return await leave(server, signIn);
}

const isReturn = (): boolean => {
  const query = new URLSearchParams(location.search);
  return query.has('state') && (query.has('code') || query.has('error'));
};

function takePending(): Pending | undefined {
  const stored = sessionStorage.getItem(pendingKey);
  sessionStorage.removeItem(pendingKey);
  return stored === null ? undefined : (JSON.parse(stored) as Pending);
}

async function redeemed(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  { state, verifier, hash }: Pending,
): Promise<string> {
  const url = new URL(location.href);
  history.replaceState(null, '', `${redirectUri()}${hash}`);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    oauth.validateAuthResponse(server, client, url, state),
    redirectUri(),
    verifier,
  );
  return kept(await oauth.processAuthorizationCodeResponse(server, client, answer, { requireIdToken: true }));
}

async function refreshed(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  token: string,
): Promise<string> {
  // Used once: where it fails, the next attempt goes to the issuer.
  refreshToken = undefined;
  const answer = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token);
  const renewed = await oauth.processRefreshTokenResponse(server, client, answer);
  return kept({ ...renewed, refresh_token: renewed.refresh_token ?? token });
}

function kept({ id_token, refresh_token }: oauth.TokenEndpointResponse): string {
  if (id_token === undefined) throw new SignInFailed('the issuer sent no ID token');
  refreshToken = refresh_token;
  return id_token;
}

/** Goes to the issuer; nothing after it happens in this life of the page. */
async function leave(server: oauth.AuthorizationServer, signIn: IssuerSignIn): Promise<never> {
  if (server.authorization_endpoint === undefined) {
    throw new SignInFailed('the issuer has no authorization endpoint', { actual: server.issuer });
  }
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const pending: Pending = { state, verifier, hash: location.hash };
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: signIn.clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: signIn.scopes.join(' '),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  location.assign(url);
  return await new Promise<never>(() => {});
}
