import type { IncomingMessage } from 'node:http';
import { Codes } from './dev-codes';
import { type DevIssuer, signInPaths } from './dev-issuer';
import { demoRoles } from './dev-roles';
import { signInPage, signInPolicy } from './dev-sign-in-page';
import { bodyOf } from './loopback';
import type { Serve } from './public-server';

/** Remembers who one chose to be, as an identity provider remembers who signed in. */
const cookieName = 'rollcall-dev-role';
const requestBytes = 16_384;
const challengeShape = /^[A-Za-z0-9_-]{43}$/;
const refreshPrefix = 'dev-refresh.';

type Texts = Readonly<Record<string, string>>;

interface Reply {
  readonly status: number;
  readonly headers: Texts;
  readonly body?: string;
}

/** Where the answer goes. */
interface Destination {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** What a client asks of the authorization endpoint, as far as it is in order. */
interface Asked extends Destination {
  readonly nonce: string | undefined;
  readonly challenge: string;
  readonly prompt: string | undefined;
  readonly role: string | undefined;
}

/**
 * The local issuer's pages and endpoints: authorization code grant with PKCE (RFC 6749, RFC 7636), refresh, revocation
 * (RFC 7009) and sign-out (OpenID Connect RP-Initiated Logout 1.0), as a page finds them at any issuer. Instead of a password
 * it asks who one would like to be.
 */
export class DevSignIn {
  private readonly codes: Codes;

  constructor(
    private readonly issuer: DevIssuer,
    now: () => number,
  ) {
    this.codes = new Codes(now);
  }

  /** By path. */
  get routes(): ReadonlyMap<string, Serve> {
    const replies: readonly (readonly [string, (request: IncomingMessage) => Reply | Promise<Reply>])[] = [
      [signInPaths.authorize, (request) => this.authorize(request)],
      [signInPaths.token, (request) => this.exchange(request)],
      [signInPaths.revoke, (request) => this.revoke(request)],
      [signInPaths.signOut, (request) => this.signOut(request)],
    ];
    return new Map(
      replies.map(([path, replyTo]) => [
        path,
        async (request, response) => {
          const { status, headers, body } = await replyTo(request);
          response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
        },
      ]),
    );
  }

  private authorize(request: IncomingMessage): Reply {
    const query = queryOf(request);
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== this.issuer.clientId || !isOnThisMachine(redirectUri)) {
      // Whoever cannot be trusted with a code is not sent one, nor anybody else in their name.
      return text(400, 'No client of this issuer, or no address on this machine to come back to.');
    }
    const to = { redirectUri, state: query.get('state') ?? undefined };
    const asked = this.asked(query, to);
    if (typeof asked === 'string') return this.back(to, { error: asked });
    const role = asked.role ?? remembered(request, asked.prompt);
    if (role !== undefined) return this.giveCode(asked, role);
    return asked.prompt === 'none' ? this.back(to, { error: 'login_required' }) : choice(query);
  }

  /** @returns the code of an error (RFC 6749, section 4.1.2.1) for what is not in order */
  private asked(query: URLSearchParams, to: Destination): Asked | string {
    const challenge = query.get('code_challenge') ?? '';
    if (query.get('response_type') !== 'code') return 'unsupported_response_type';
    if (!(query.get('scope') ?? '').split(' ').includes('openid')) return 'invalid_scope';
    if (query.get('code_challenge_method') !== 'S256' || !challengeShape.test(challenge)) {
      return 'invalid_request';
    }
    const hint = query.get('login_hint') ?? '';
    return {
      ...to,
      nonce: query.get('nonce') ?? undefined,
      challenge,
      prompt: query.get('prompt') ?? undefined,
      role: demoRoles.has(hint) ? hint : undefined,
    };
  }

  private giveCode(asked: Asked, role: string): Reply {
    const { redirectUri, challenge, nonce } = asked;
    const code = this.codes.give({ role, clientId: this.issuer.clientId, redirectUri, challenge, nonce });
    return this.back(asked, { code }, { 'set-cookie': `${cookieName}=${role}; ${cookieScope}` });
  }

  private back({ redirectUri, state }: Destination, answer: Texts, headers: Texts = {}): Reply {
    const url = new URL(redirectUri);
    // RFC 9207: who answers.
    const parameters = { ...answer, iss: this.issuer.url, ...(state !== undefined && { state }) };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { status: 303, headers: { ...headers, location: url.href } };
  }

  private async exchange(request: IncomingMessage): Promise<Reply> {
    const form = await formOf(request);
    if (form === undefined) return refusal('invalid_request');
    if (form.get('client_id') !== this.issuer.clientId) return refusal('invalid_client');
    switch (form.get('grant_type')) {
      case 'authorization_code': {
        const grant = this.codes.redeem(form.get('code') ?? '', {
          clientId: this.issuer.clientId,
          redirectUri: form.get('redirect_uri') ?? '',
          verifier: form.get('code_verifier') ?? '',
        });
        return grant ? await this.tokens(grant.role, grant.nonce) : refusal('invalid_grant');
      }
      case 'refresh_token':
        return await this.tokens((form.get('refresh_token') ?? '').slice(refreshPrefix.length), undefined);
      default:
        return refusal('unsupported_grant_type');
    }
  }

  /**
   * The refresh token says itself whose it is: everybody gets tokens here anyway, and a page that is open stays signed in
   * when this program is started anew.
   */
  private async tokens(role: string, nonce: string | undefined): Promise<Reply> {
    const person = demoRoles.get(role);
    if (person === undefined) return refusal('invalid_grant');
    const token = await this.issuer.idToken(person, nonce);
    return json(200, {
      id_token: token,
      access_token: token,
      token_type: 'Bearer',
      expires_in: 3_600,
      refresh_token: `${refreshPrefix}${role}`,
    });
  }

  /** There is nothing to forget; the answer is 200 for any token (RFC 7009, section 2.2). */
  private async revoke(request: IncomingMessage): Promise<Reply> {
    return (await formOf(request)) === undefined ? refusal('invalid_request') : { status: 200, headers: {} };
  }

  private signOut(request: IncomingMessage): Reply {
    const query = queryOf(request);
    const back = query.get('post_logout_redirect_uri') ?? '';
    const forgotten = { 'set-cookie': `${cookieName}=${nobody}; ${cookieScope}` };
    return query.get('client_id') === this.issuer.clientId && isOnThisMachine(back)
      ? { status: 303, headers: { ...forgotten, location: new URL(back).href } }
      : text(200, 'You are signed out.', forgotten);
  }
}

/** `Lax`: it comes along when a page sends its reader here, and not when a page asks by itself. */
const cookieScope = 'Path=/dev; HttpOnly; SameSite=Lax';

const queryOf = ({ url = '/' }: IncomingMessage): URLSearchParams =>
  new URL(url, 'http://localhost').searchParams;

/** Whoever signed out; who they are is asked the next time. */
const nobody = 'nobody';
/** Whoever opens the page for the first time wants to see it, and is asked nothing. */
const firstRole = 'manager';

function remembered({ headers }: IncomingMessage, prompt: string | undefined): string | undefined {
  if (prompt === 'login' || prompt === 'select_account') return undefined;
  const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split('=') as [string, string?]);
  const [, role] = pairs.find(([name]) => name === cookieName) ?? [];
  if (role === undefined) return prompt === 'none' ? undefined : firstRole;
  return demoRoles.has(role) ? role : undefined;
}

function choice(query: URLSearchParams): Reply {
  const linkTo = (role: string): string => {
    const next = new URLSearchParams(query);
    next.set('login_hint', role);
    return `${signInPaths.authorize}?${next}`;
  };
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': signInPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: signInPage(demoRoles, linkTo),
  };
}

/** Undefined for what is no form, or too long. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const body = await bodyOf(request, requestBytes);
  const isForm = /^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? '');
  return request.method === 'POST' && isForm && body ? new URLSearchParams(body.toString('utf8')) : undefined;
}

function isOnThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

const refusal = (error: string): Reply => json(error === 'invalid_client' ? 401 : 400, { error });

const json = (status: number, body: object): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const text = (status: number, sentence: string, headers: Texts = {}): Reply => ({
  status,
  headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
  body: `${sentence}\n`,
});
