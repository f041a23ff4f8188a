import { createHash, randomBytes } from 'node:crypto';

/** What a code was given out for; it can be redeemed for nothing else. */
export interface CodeGrant {
  readonly role: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Base64url of the SHA-256 of the client's verifier (RFC 7636, `S256`). */
  readonly challenge: string;
  readonly nonce: string | undefined;
}

/** RFC 6749, section 4.1.2 recommends ten minutes at most. */
const livesMs = 60_000;
const mostCodes = 1_000;

/** Authorization codes: of use once, for a minute, to whoever holds the verifier. */
export class Codes {
  private readonly kept = new Map<string, { readonly grant: CodeGrant; readonly untilMs: number }>();

  constructor(private readonly now: () => number) {}

  give(grant: CodeGrant): string {
    const nowMs = this.now();
    for (const [code, { untilMs }] of this.kept) {
      if (untilMs <= nowMs || this.kept.size >= mostCodes) this.kept.delete(code);
    }
    const code = randomBytes(32).toString('base64url');
    this.kept.set(code, { grant, untilMs: nowMs + livesMs });
    return code;
  }

  /** The grant of a code, once, whether or not the rest is right: a second try may be somebody else's. */
  redeem(
    code: string,
    { clientId, redirectUri, verifier }: { clientId: string; redirectUri: string; verifier: string },
  ): CodeGrant | undefined {
    const found = this.kept.get(code);
    this.kept.delete(code);
    if (found === undefined || found.untilMs <= this.now()) return undefined;
    const { grant } = found;
    const isRight =
      grant.clientId === clientId &&
      grant.redirectUri === redirectUri &&
      grant.challenge === challengeOf(verifier);
    return isRight ? grant : undefined;
  }
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
