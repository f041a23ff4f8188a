import type { FrontEndPlan } from './plan';

/** Signs a token for a user who provides these facilities, by region; it is valid for an hour. */
export type Sell = (user: string, provide: Readonly<Record<string, readonly string[]>>) => Promise<string>;

interface Kept {
  readonly token: Promise<string>;
  readonly renewMs: number;
}

const renewAfterMs = 50 * 60_000;

/** The fleet's tokens, bought when they are needed first and again before they end. */
export class Tokens {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly sell: Sell,
    private readonly now: () => number,
  ) {}

  async tokenOf({ user, region, provides }: FrontEndPlan): Promise<string> {
    const name = JSON.stringify([user, provides]);
    const kept = this.kept.get(name);
    if (kept !== undefined && kept.renewMs > this.now()) return await kept.token;
    const bought = { token: this.sell(user, { [region]: provides }), renewMs: this.now() + renewAfterMs };
    this.kept.set(name, bought);
    return await bought.token;
  }
}
