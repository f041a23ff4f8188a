import { randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { calculatePKCECodeChallenge } from 'oauth4webapi';
import { Codes } from '../../local/dev-codes';
import { signInPolicy } from '../../local/dev-sign-in-page';
import { seconds } from '../support/builders';
import { RunningDevIssuer } from '../support/dev-issuer';
import { Visitor } from '../support/tab';

const verifier = randomBytes(32).toString('base64url');
const page = 'http://localhost:8787/';
let issuer: RunningDevIssuer;
let visitor: Visitor;
let usual: Readonly<Record<string, string>>;

beforeAll(async () => {
  issuer = await RunningDevIssuer.start();
  usual = {
    client_id: 'rollcall',
    redirect_uri: page,
    response_type: 'code',
    scope: 'openid',
    state: 's',
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
});

afterAll(() => issuer.close());

beforeEach(() => {
  visitor = new Visitor();
});

const askFor = (words: Readonly<Record<string, string>> = {}): string =>
  `${issuer.url}/dev/sign-in?${new URLSearchParams({ ...usual, ...words })}`;

async function exchange(words: Readonly<Record<string, string>>) {
  const form = { client_id: 'rollcall', grant_type: 'authorization_code', redirect_uri: page, ...words };
  const response = await fetch(`${issuer.url}/dev/sign-in/token`, {
    method: 'POST',
    body: new URLSearchParams({ code_verifier: verifier, ...form }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const codeIn = (to = ''): string => new URL(to).searchParams.get('code') ?? '';

describe('the authorization endpoint', () => {
  test.each([
    ['another client', { client_id: 'somebody' }],
    ['an address elsewhere', { redirect_uri: 'https://evil.example/' }],
    [
      'an address elsewhere that begins like this machine',
      { redirect_uri: 'http://localhost.evil.example/' },
    ],
    ['an address that is none', { redirect_uri: 'javascript:alert(1)' }],
  ])('given %s, then nobody is sent anywhere', async (_, words) => {
    expect(await visitor.visit(askFor({ ...words, login_hint: 'manager' }))).toMatchObject({
      status: 400,
      page: expect.any(String),
    });
  });

  test.each([
    ['no code', { response_type: 'token' }, 'unsupported_response_type'],
    ['no OpenID Connect', { scope: 'profile' }, 'invalid_scope'],
    ['a challenge in the clear', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a challenge that is no hash', { code_challenge: 'short' }, 'invalid_request'],
    ['silence of somebody unknown', { prompt: 'none' }, 'login_required'],
  ])('given %s is asked for, then the page is told so', async (_, words, error) => {
    const { to = '' } = await visitor.visit(askFor(words));
    expect(to).toBe(`${page}?error=${error}&iss=${encodeURIComponent(issuer.url)}&state=s`);
  });

  test('what was asked comes back as text: no markup of others, no script, under a policy that would stop it', async () => {
    const { page: html = '' } = await visitor.visit(askFor({ state: '"><script>alert(1)</script>' }));
    expect(html).not.toContain('<script');
    expect(html.match(/<a /g)).toHaveLength(4);
    expect(signInPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
  });

  test('given a role was chosen before, then it is taken again, unless the page asks for the choice', async () => {
    await visitor.choose(askFor(), 'north');
    expect((await visitor.visit(askFor())).to).toContain('code=');
    expect((await visitor.visit(askFor({ prompt: 'none' }))).to).toContain('code=');
    expect((await visitor.visit(askFor({ prompt: 'select_account' }))).page).toContain('Who are you today?');
  });

  test('given somebody comes for the first time, then they are a manager, and asked nothing', async () => {
    const newcomer = new Visitor('another=cookie');
    expect((await newcomer.visit(askFor({ prompt: 'none' }))).to).toContain('error=login_required');
    const code = codeIn((await newcomer.visit(askFor())).to);
    const { body } = await exchange({ code });
    expect(decodeJwt(body.id_token ?? '')).toMatchObject({ sub: 'manager' });
  });

  test('given somebody signed out, when they come again, then they choose', async () => {
    const newcomer = new Visitor('another=cookie');
    await newcomer.visit(askFor());
    await newcomer.visit(`${issuer.url}/dev/sign-out`);
    expect((await newcomer.visit(askFor())).page).toContain('Who are you today?');
  });
});

describe('the token endpoint', () => {
  test('a code is of use once', async () => {
    const code = codeIn(await visitor.choose(askFor(), 'manager'));
    expect(await exchange({ code })).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    expect(await exchange({ code })).toEqual({ status: 400, body: { error: 'invalid_grant' } });
  });

  test.each([
    ['another verifier', { code_verifier: randomBytes(32).toString('base64url') }, 'invalid_grant'],
    ['no verifier', { code_verifier: '' }, 'invalid_grant'],
    ['another address', { redirect_uri: 'http://localhost:9999/' }, 'invalid_grant'],
    ['another client', { client_id: 'somebody' }, 'invalid_client'],
    ['a grant that it does not know', { grant_type: 'password' }, 'unsupported_grant_type'],
    [
      'a refresh token of its own making',
      { grant_type: 'refresh_token', refresh_token: '__proto__' },
      'invalid_grant',
    ],
  ])('with %s there are no tokens', async (_, words, error) => {
    const code = codeIn(await visitor.choose(askFor(), 'manager'));
    expect((await exchange({ code, ...words })).body).toEqual({ error });
  });

  test('a code lives for a minute', () => {
    let nowMs = 0;
    const codes = new Codes(() => nowMs);
    const grant = { role: 'north', clientId: 'c', redirectUri: page, challenge: '', nonce: undefined };
    const code = codes.give(grant);
    nowMs = seconds(60);
    expect(codes.redeem(code, { clientId: 'c', redirectUri: page, verifier })).toBeUndefined();
  });
});

test('signing out leads back to this machine only', async () => {
  const to = (back: string) =>
    `${issuer.url}/dev/sign-out?client_id=rollcall&post_logout_redirect_uri=${encodeURIComponent(back)}`;
  expect(await visitor.visit(to(page))).toEqual({ status: 303, to: page });
  expect(await visitor.visit(to('https://evil.example/'))).toMatchObject({ status: 200 });
});
