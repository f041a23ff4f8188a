import { jsonLog } from '../adapters/aws/json-log';
import { JwtTokenVerifier, type TrustedIssuer } from '../adapters/aws/token-verifier';
import type { TokenVerifier } from '../core/ports';
import { jsonSetting, setting } from './environment';

/** Verifies tokens of the issuers that the environment names; their keys are on the way before the first token comes. */
export function tokenVerifier(names: { readonly issuers: string; readonly claim: string }): TokenVerifier {
  const issuers = jsonSetting(names.issuers) as readonly TrustedIssuer[];
  const verifier = new JwtTokenVerifier(issuers, setting(names.claim));
  // Not waited for: whoever needs a key before it is there waits for this very fetch.
  void verifier.prefetchKeys(jsonLog);
  return verifier;
}
