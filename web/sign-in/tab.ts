/** What must outlive the way to the issuer and back; never a token. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** What the URL showed, from its path on. */
  readonly view: string;
}

/** The browser's tab, as far as signing in touches it. */
export interface Tab {
  readonly url: string;
  /** Where the issuer sends the operator back to; it must know this address. */
  readonly home: string;
  /** Goes elsewhere; nothing happens afterwards in this life of the page. */
  leave(url: string): Promise<never>;
  /** Does not go where it was going to. */
  stay(): void;
  /** Changes what the URL says, and loads nothing. */
  show(view: string): void;
  remember(pending: Pending): void;
  /** What was remembered, once. */
  recall(): Pending | undefined;
}

/** Where the operator came back from the issuer. */
export interface Returned {
  readonly url: string;
  readonly pending: Pending;
}

/**
 * Takes the issuer's answer out of the URL, and shows there again what the operator left. Must run before anything else
 * reads the URL; the answer is of no use to anybody who finds it without the verifier.
 */
export function takeReturn(tab: Tab): Returned | undefined {
  const { searchParams } = new URL(tab.url);
  if (!searchParams.has('state') || !(searchParams.has('code') || searchParams.has('error')))
    return undefined;
  const returned = tab.url;
  const pending = tab.recall();
  tab.show(pending?.view ?? tab.home);
  return pending && { url: returned, pending };
}
