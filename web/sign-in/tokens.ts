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
   * The token at hand, or the next one. May leave the page for the issuer, unless somebody signed out.
   * @throws SignInNeeded, and whatever a network does
   */
  current(): Promise<string>;
  /**
   * Drops the token at hand, which was refused: the next one is new.
   * @param refused which one; an answer that comes late for another says nothing of the one at hand
   */
  drop(refused?: string): void;
}

interface Held {
  readonly token: string;
  readonly sinceMs: number;
  readonly renewAtMs: number;
  /** It came in place of one that was refused. */
  readonly isSecond: boolean;
  readonly isRefused: boolean;
}

/** A token is renewed this long before its end, or halfway through a short life. */
const marginMs = 60_000;
/** Refused this soon, it was not too old: the issuer's next one would be refused as well. */
const sureMs = 30_000;

/** Monotonic, so that a wrong clock renews neither too late nor all the time. */
export type NowMs = () => number;

/** The tokens of one page; what is known of their holder goes to `session`. */
export class IssuerTokens implements Tokens {
  private held: Held | undefined;
  /** For all who ask meanwhile; it stays while the page is left. */
  private asked: Promise<Held> | undefined;

  constructor(
    private readonly issuer: Issuer,
    private readonly config: SignInConfig,
    private returned: Returned | undefined,
    private readonly nowMs: NowMs,
  ) {}

  async current(): Promise<string> {
    const { held } = this;
    if (held !== undefined && !held.isRefused && this.nowMs() < held.renewAtMs) return held.token;
    this.asked ??= this.next();
    const { asked } = this;
    try {
      return (await asked).token;
    } finally {
      if (this.asked === asked) this.asked = undefined;
    }
  }

  drop(refused?: string): void {
    const { held } = this;
    if (held === undefined) return;
    // Whoever does not say which one may mean the one before it, and must not bring the sign-in to its end.
    const isMeant = refused === undefined ? !this.isInVain(held) : refused === held.token;
    if (isMeant) this.held = { ...held, isRefused: true };
  }

  /** Nobody is signed in until the page is loaded again, so that no request finds another way to the issuer meanwhile. */
  async signIn(): Promise<void> {
    try {
      await this.issuer.leave();
    } catch (error) {
      console.warn('Rollcall: the issuer could not be reached:', error);
      this.out('unreachable');
    }
  }

  async signOut(): Promise<void> {
    this.out('left');
    await this.issuer.signOut();
  }

  private async next(): Promise<Held> {
    const { returned, held } = this;
    if (isOut()) throw nobody();
    if (returned !== undefined) return await this.redeemed(returned);
    if (held?.isRefused && this.isInVain(held)) throw this.out('unknown');
    const renewed = await this.issuer.refresh();
    // Somebody signed out while it was on its way.
    if (isOut()) throw nobody();
    if (renewed !== undefined) return this.hold(renewed);
    if (held === undefined) return await this.issuer.leave();
    // Otherwise the page would go to and fro for ever.
    if (this.isFresh(held)) throw this.out('unknown');
    if (unsaved.value) throw this.out('ended');
    return await this.issuer.leave('none');
  }

  /** Whether a refusal of it means that each one after it would be refused as well. */
  private isInVain(held: Held): boolean {
    return held.isSecond && this.isFresh(held);
  }

  private isFresh({ sinceMs }: Held): boolean {
    return this.nowMs() - sinceMs < sureMs;
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
    const renewAtMs = sinceMs + Math.max(livesMs - marginMs, livesMs / 2, 1_000);
    const isSecond = this.held?.isRefused === true;
    this.held = { token, sinceMs, renewAtMs, isSecond, isRefused: false };
    session.value = sessionOf(claims, this.config.rightsClaim);
    return this.held;
  }

  private out(reason: SignedOutReason, code?: string): SignInNeeded {
    this.held = undefined;
    this.asked = undefined;
    session.value = { state: 'signed-out', reason, ...(code && { code }) };
    return nobody();
  }
}

const isOut = (): boolean => session.peek().state === 'signed-out';
const nobody = (): SignInNeeded => new SignInNeeded('nobody is signed in');

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
