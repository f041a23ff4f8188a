import { decodeJwt } from 'jose';
import { Issuer } from '../../../web/sign-in/issuer';
import { mayManage, mayManageIn, mayManageRegion } from '../../../web/sign-in/rights';
import { isManager, session, unsaved } from '../../../web/sign-in/session';
import { takeReturn } from '../../../web/sign-in/tab';
import { IssuerTokens, SignInNeeded, type Tokens } from '../../../web/sign-in/tokens';
import type { SignInConfig } from '../../../web/wire';
import { seconds } from '../../support/builders';
import { RunningDevIssuer } from '../../support/dev-issuer';
import { NotedTab, Visitor } from '../../support/tab';

const page = 'http://localhost:8787/';
let issuer: RunningDevIssuer;
let nowMs: number;
let visitor: Visitor;

beforeEach(async () => {
  nowMs = 0;
  visitor = new Visitor();
  session.value = { state: 'signing-in' };
  unsaved.value = false;
  issuer = await RunningDevIssuer.start();
});

afterEach(() => issuer.close());

const configOf = ({ url }: RunningDevIssuer): SignInConfig => ({
  issuer: url,
  clientId: 'rollcall',
  scopes: ['openid'],
});

/** What the page does when it is loaded. */
function load(tab: NotedTab, from: RunningDevIssuer = issuer): Tokens {
  session.value = { state: 'signing-in' };
  const returned = takeReturn(tab);
  const config = configOf(from);
  return new IssuerTokens(new Issuer(config, tab), config, returned, () => nowMs);
}

/** Loads the page, goes to the issuer, picks a role, and comes back. */
async function signIn(
  role: string,
  url = page,
): Promise<{ readonly tab: NotedTab; readonly tokens: Tokens }> {
  const first = new NotedTab(url);
  void load(first).current();
  const tab = first.loaded(await visitor.choose(await first.leaving(), role));
  const tokens = load(tab);
  await tokens.current();
  return { tab, tokens };
}

const nextLeave = async (tokens: Tokens, tab: NotedTab): Promise<string> => {
  tab.left.length = 0;
  void tokens.current().catch(() => undefined);
  return await tab.leaving();
};

describe('signing in', () => {
  test('given nobody is known, then the page goes to the issuer, and comes back to where it was, with a token', async () => {
    const { tab, tokens } = await signIn('manager', `${page}#/north?status=offline`);

    expect(tab.url).toBe(`${page}#/north?status=offline`);
    expect(decodeJwt(await tokens.current())).toMatchObject({
      sub: 'manager',
      aud: 'rollcall',
      iss: issuer.url,
    });
    expect(session.value).toMatchObject({ state: 'signed-in', who: 'Manager' });
  });

  test('no token is ever in a URL, nor what would get one without the verifier', async () => {
    const first = new NotedTab(page);
    void load(first).current();
    const asked = new URL(await first.leaving());
    const back = await visitor.choose(asked.href, 'everything');
    const token = await load(first.loaded(back)).current();

    for (const url of [...first.left, back]) expect(url).not.toContain(token);
    const names = [...asked.searchParams.keys()].sort();
    expect(names).toEqual(
      [
        'client_id',
        'code_challenge',
        'code_challenge_method',
        'nonce',
        'redirect_uri',
        'response_type',
        'scope',
        'state',
      ].sort(),
    );
    const verifier = 'x'.repeat(43);
    const code = new URL(back).searchParams.get('code') ?? '';
    const stolen = await exchange({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: page,
    });
    expect(stolen).toEqual({ status: 400, error: 'invalid_grant' });
  });

  test('given the issuer knows the operator still, when the page is loaded again, then nobody is asked', async () => {
    await signIn('north');
    const again = new NotedTab(page);
    void load(again).current();
    const { to = '' } = await visitor.visit(await again.leaving());
    expect(decodeJwt(await load(again.loaded(to)).current())).toMatchObject({ sub: 'operator-north' });
  });

  test.each([
    ['state', 'of somebody else'],
    ['iss', 'https://another.example'],
  ])('given an answer with another %s, then it is not taken', async (name, value) => {
    const first = new NotedTab(page);
    void load(first).current();
    const back = new URL(await visitor.choose(await first.leaving(), 'everything'));
    back.searchParams.set(name, value);
    await expect(load(first.loaded(back.href)).current()).rejects.toThrow(SignInNeeded);
    expect(session.value).toMatchObject({ state: 'signed-out', reason: 'refused' });
    expect(issuer.asked).not.toContain('/dev/sign-in/token');
  });

  test('given an answer that nobody asked for, then it leaves the URL, and the page asks for one of its own', async () => {
    const tab = new NotedTab(`${page}?code=planted&state=planted`);
    void load(tab).current();
    expect(new URL(await tab.leaving()).pathname).toBe('/dev/sign-in');
    expect(tab.url).toBe(page);
  });

  test('given the issuer does not answer for a while, then the answer is redeemed once it does', async () => {
    const first = new NotedTab(page);
    void load(first).current();
    const tokens = load(first.loaded(await visitor.choose(await first.leaving(), 'everything')));
    issuer.broken.add('/dev/sign-in/token');
    await expect(tokens.current()).rejects.not.toThrow(SignInNeeded);
    issuer.broken.clear();
    expect(decodeJwt(await tokens.current())).toMatchObject({ sub: 'operator' });
  });
});

async function exchange(form: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ client_id: 'rollcall', ...form });
  const response = await fetch(`${issuer.url}/dev/sign-in/token`, { method: 'POST', body });
  return { status: response.status, error: ((await response.json()) as { error?: string }).error };
}

describe('renewing', () => {
  test('given a token is about to end, then the next one comes without leaving the page', async () => {
    const { tab, tokens } = await signIn('everything');
    const first = await tokens.current();
    nowMs = seconds(3_530);
    expect(await tokens.current()).toBe(first);
    nowMs = seconds(3_541);
    await tokens.current();
    nowMs += seconds(3_500);
    await tokens.current();
    expect(tab.left).toEqual([]);
  });

  test('given it was refused, then the next one is new, for all who ask at once the same', async () => {
    const { tab, tokens } = await signIn('everything');
    tokens.drop();
    const [one, other] = await Promise.all([tokens.current(), tokens.current()]);
    expect(one).toBe(other);
    expect(tab.left).toEqual([]);
  });

  test('given the token in place of a refused one is refused as well while it is fresh, then the page says so, and asks no more', async () => {
    const { tab, tokens } = await signIn('everything');
    tokens.drop(await tokens.current());
    nowMs = seconds(29);
    tokens.drop(await tokens.current());
    const asked = issuer.asked.length;
    for (let times = 0; times < 3; times += 1) await expect(tokens.current()).rejects.toThrow(SignInNeeded);
    expect(issuer.asked).toHaveLength(asked);
    expect(tab.left).toEqual([]);
    expect(session.value).toEqual({ state: 'signed-out', reason: 'unknown' });
  });

  test('given a token is refused long after the last one was, then there is another', async () => {
    const { tokens } = await signIn('everything');
    for (const atMs of [seconds(5), seconds(40), seconds(75)]) {
      nowMs = atMs;
      tokens.drop(await tokens.current());
      await tokens.current();
    }
    expect(session.value.state).toBe('signed-in');
  });

  test('given two requests are refused with one token, then the second refusal says nothing of the next token', async () => {
    const { tokens } = await signIn('everything');
    const old = await tokens.current();
    nowMs = seconds(5);
    tokens.drop(old);
    const first = tokens.current();
    tokens.drop(old);
    const next = await first;
    tokens.drop(old);
    // Whoever does not say which one was refused.
    tokens.drop();
    expect(await tokens.current()).toBe(next);
    expect(session.value.state).toBe('signed-in');
  });

  test('given the issuer cannot be reached, then nobody is signed out', async () => {
    const { tokens } = await signIn('everything');
    tokens.drop();
    issuer.broken.add('/dev/sign-in/token');
    await expect(tokens.current()).rejects.not.toThrow(SignInNeeded);
    issuer.broken.clear();
    await tokens.current();
    expect(session.value.state).toBe('signed-in');
  });

  describe('without a refresh token', () => {
    beforeEach(() => issuer.leftOut.add('refresh_token'));

    test('given the issuer knows the operator still, then the page goes there and back, and nobody is asked', async () => {
      const { tab, tokens } = await signIn('everything');
      nowMs = seconds(3_600);
      const asked = await nextLeave(tokens, tab);
      expect(new URL(asked).searchParams.get('prompt')).toBe('none');
      const { to = '' } = await visitor.visit(asked);
      await load(tab.loaded(to)).current();
      expect(session.value.state).toBe('signed-in');
    });

    test('given the issuer would have to ask, then the page says that the sign-in has ended', async () => {
      const { tab, tokens } = await signIn('everything');
      nowMs = seconds(3_600);
      const asked = await nextLeave(tokens, tab);
      const { to = '' } = await new Visitor().visit(asked);
      await expect(load(tab.loaded(to)).current()).rejects.toThrow(SignInNeeded);
      expect(session.value).toEqual({ state: 'signed-out', reason: 'ended' });
    });

    test('given somebody is in the middle of an edit, then the page is not left', async () => {
      const { tab, tokens } = await signIn('everything');
      unsaved.value = true;
      nowMs = seconds(3_600);
      await expect(tokens.current()).rejects.toThrow(SignInNeeded);
      expect(tab.left).toEqual([]);
      expect(session.value).toEqual({ state: 'signed-out', reason: 'ended' });
    });

    test('given a fresh token is refused, then the page does not go to and fro for ever', async () => {
      const { tab, tokens } = await signIn('everything');
      nowMs = seconds(5);
      tokens.drop();
      await expect(tokens.current()).rejects.toThrow(SignInNeeded);
      expect(tab.left).toEqual([]);
      expect(session.value).toEqual({ state: 'signed-out', reason: 'unknown' });
    });
  });
});

describe('signing out', () => {
  test('ends the sign-in at the issuer, too, and tells it no token', async () => {
    const { tab, tokens } = await signIn('everything');
    const token = await tokens.current();
    void tokens.signOut();
    const asked = await tab.leaving();
    expect(asked).toBe(
      `${issuer.url}/dev/sign-out?client_id=rollcall&post_logout_redirect_uri=${encodeURIComponent(page)}`,
    );
    expect(asked).not.toContain(token);
    expect((await visitor.visit(asked)).to).toBe(page);
    await expect(tokens.current()).rejects.toThrow(SignInNeeded);
    const again = new NotedTab(page);
    void load(again).current();
    expect((await visitor.visit(await again.leaving())).page).toContain('Who are you today?');
  });

  test('at an issuer that cannot end it, it ends here', async () => {
    issuer.leftOut.add('end_session_endpoint');
    const { tab, tokens } = await signIn('everything');
    await tokens.signOut();
    expect(tab.left).toEqual([]);
    expect(session.value).toEqual({ state: 'signed-out', reason: 'left' });
  });

  describe('at an issuer that cannot end it', () => {
    beforeEach(() => issuer.leftOut.add('end_session_endpoint'));

    test('given requests go on meanwhile, when somebody signs in again, then they cut off no way to the issuer', async () => {
      const { tab, tokens } = await signIn('everything');
      nowMs = seconds(5);
      await tokens.signOut();
      await expect(tokens.current()).rejects.toThrow(SignInNeeded);
      void tokens.signIn();
      const listed = expect(tokens.current()).rejects.toThrow(SignInNeeded);
      const asked = new URL(await tab.leaving());
      await listed;
      await expect(tokens.current()).rejects.toThrow(SignInNeeded);
      expect(asked.searchParams.has('prompt')).toBe(false);
      expect(tab.left).toHaveLength(1);
      expect(session.value).toEqual({ state: 'signed-out', reason: 'left' });
    });

    test('given a token is being renewed, when somebody signs out, then the new one signs nobody in', async () => {
      const { tokens } = await signIn('everything');
      tokens.drop();
      const renewed = tokens.current();
      void tokens.signOut();
      await expect(renewed).rejects.toThrow(SignInNeeded);
      expect(session.value).toEqual({ state: 'signed-out', reason: 'left' });
    });

    test('given the page is about to go to the issuer for a renewal, when somebody signs out, then it does not go', async () => {
      const tab = new NotedTab(page);
      const asked = new Issuer(configOf(issuer), tab);
      void asked.leave('none');
      await asked.signOut();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(tab.left).toEqual([]);
      expect(tab.stays).toBe(1);
    });
  });

  test('given the issuer does not answer, when somebody signs in again, then the page says so, and tries again when told to', async () => {
    const tab = new NotedTab(page);
    const tokens = load(tab);
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    issuer.broken.add('/.well-known/openid-configuration');
    await tokens.signIn();
    expect(session.value).toEqual({ state: 'signed-out', reason: 'unreachable' });
    await expect(tokens.current()).rejects.toThrow(SignInNeeded);
    issuer.broken.clear();
    void tokens.signIn();
    expect(new URL(await tab.leaving()).pathname).toBe('/dev/sign-in');
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });
});

describe('what a token says of its holder', () => {
  test.each([
    ['everything', false, false],
    ['north', false, false],
    ['manager', true, true],
    ['provider', false, false],
  ])('%s', async (role, manages, all) => {
    await signIn(role);
    expect(isManager.value).toBe(manages);
    expect(mayManageIn('north')).toBe(manages);
    expect(mayManage('north', 'clinic-7')).toBe(manages);
    expect(mayManageRegion('north')).toBe(all);
  });
});

test('at Amazon Cognito, signing out asks as Cognito wants it, and with nothing else', async () => {
  const pool = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Abc';
  const hosted = 'https://rollcall-x.auth.eu-central-1.amazoncognito.com';
  const document = { issuer: pool, end_session_endpoint: `${hosted}/logout` };
  const fetched = jest.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(document));
  const tab = new NotedTab('https://page.example/');
  void new Issuer({ issuer: pool, clientId: 'abc', scopes: ['openid'] }, tab).signOut();
  expect(await tab.leaving()).toBe(
    `${hosted}/logout?client_id=abc&logout_uri=${encodeURIComponent('https://page.example/')}`,
  );
  fetched.mockRestore();
});
