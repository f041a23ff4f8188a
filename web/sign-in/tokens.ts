import { RollcallError } from '../../core/errors';
import type { SignInConfig } from '../wire';
import { type Grant, Issuer, SignInRefused } from './issuer';
import { sessionOf } from './rights';
import { type SignedOutReason, type SigningIn, session, signingIn, unsaved } from './session';
import type { Returned, Tab } from './tab';

/** Nobody is signed in, and only the operator can change that. */
export class SignInNeeded extends RollcallError {}

/** Where the page's bearer token comes from. It lives in memory only. */
export interface Tokens extends SigningIn {
  /**
   * The token at hand, or the next one. May leave the page for the issuer.
   * @throws SignInNeeded, and whatever a network does
   */
  current(): Promise<string>;
  /** Drops the token at hand, which was refused: the next one is new. */
  drop(): void;
}

interface Held {
  readonly token: string;
  readonly sinceMs: number;
  readonly renewAtMs: number;
}

/** A token is renewed this long before its end, or halfway through a short life. */
const marginMs = 60_000;
/** A token that was refused this soon will not be taken from the same issuer a second time. */
const sureMs = 30_000;

/** Monotonic, so that a wrong clock renews neither too late nor all the time. */
export type NowMs = () => number;

/** The tokens of one page; what is known of their holder goes to `session`. */
export class IssuerTokens implements Tokens {
  private held: Promise<Held> | undefined;
  private wasHeld: Held | undefined;

  constructor(
    private readonly issuer: Issuer,
    private readonly config: SignInConfig,
    private returned: Returned | undefined,
    private readonly nowMs: NowMs,
  ) {}

  async current(): Promise<string> {
    const asked = this.held ?? this.next();
    this.held = asked;
    try {
      const { token, renewAtMs } = await asked;
      if (this.nowMs() < renewAtMs) return token;
    } catch (error) {
      this.forget(asked);
      throw error;
    }
    this.forget(asked);
    return await this.current();
  }

  drop(): void {
    this.held = undefined;
  }

  async signIn(): Promise<void> {
    session.value = { state: 'signing-in' };
    await this.issuer.leave();
  }

  async signOut(): Promise<void> {
    this.out('left');
    await this.issuer.signOut();
  }

  private forget(asked: Promise<Held>): void {
    if (this.held === asked) this.held = undefined;
  }

  private async next(): Promise<Held> {
    const { returned } = this;
    if (session.value.state === 'signed-out') throw new SignInNeeded('nobody is signed in');
    if (returned !== undefined) return await this.redeemed(returned);
    const renewed = await this.issuer.refresh();
    if (renewed !== undefined) return this.hold(renewed);
    if (this.wasHeld === undefined) return await this.issuer.leave();
    // Otherwise the page would go to and fro for ever.
    if (this.nowMs() - this.wasHeld.sinceMs < sureMs) throw this.out('unknown');
    if (unsaved.value) throw this.out('ended');
    return await this.issuer.leave('none');
  }

  private async redeemed(returned: Returned): Promise<Held> {
    try {
      const grant = await this.issuer.redeem(returned);
      this.returned = undefined;
      return this.hold(grant);
    } catch (error) {
      if (!(error instanceof SignInRefused)) throw error;
      this.returned = undefined;
      const code = String(error.details.actual);
      throw silent.has(code) ? this.out('ended') : this.out('refused', code);
    }
  }

  private hold({ token, claims }: Grant): Held {
    const sinceMs = this.nowMs();
    const livesMs = (claims.exp - claims.iat) * 1_000;
    this.wasHeld = { token, sinceMs, renewAtMs: sinceMs + Math.max(livesMs - marginMs, livesMs / 2, 1_000) };
    session.value = sessionOf(claims, this.config.rightsClaim);
    return this.wasHeld;
  }

  private out(reason: SignedOutReason, code?: string): SignInNeeded {
    this.held = undefined;
    session.value = { state: 'signed-out', reason, ...(code && { code }) };
    return new SignInNeeded('nobody is signed in');
  }
}

/** What issuers say to `prompt=none` where they would have to ask (OpenID Connect Core 1.0, section 3.1.2.6). */
const silent: ReadonlySet<string> = new Set([
  'login_required',
  'interaction_required',
  'account_selection_required',
  'consent_required',
]);

/** The tokens of this page, by the issuer of its configuration. */
export function tokensFor(config: SignInConfig, tab: Tab, returned: Returned | undefined): Tokens {
  const tokens = new IssuerTokens(new Issuer(config, tab), config, returned, () => performance.now());
  signingIn.value = tokens;
  return tokens;
}
