/** The part of Trusted Types (W3C) that the page uses; browsers without them take the address as it is. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** Where the page's own worker is. The security policy lets nothing else become a script by its address. */
export function workerUrl(): string {
  const url = new URL('rollcall-worker.js', document.baseURI).href;
  const { trustedTypes } = window as { readonly trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return url;
  policy ??= trustedTypes.createPolicy('rollcall-worker', { createScriptURL: (given) => given });
  return policy.createScriptURL(url);
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;
