import {
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  ParameterValidationError,
  WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error';

type ErrorClass = abstract new (...given: never[]) => Error;

/**
 * Sentences of our own for the log: those of the verifier repeat what the token says, and a token that is refused here may
 * be a good one elsewhere.
 */
const reasons: readonly (readonly [ErrorClass, string])[] = [
  [JwtExpiredError, 'the token has expired'],
  [JwtNotBeforeError, 'the token is not valid yet'],
  [JwtInvalidIssuerError, 'the token is of another issuer'],
  // How the verifier says the same when it knows several issuers.
  [ParameterValidationError, 'the token is of another issuer'],
  [JwtInvalidAudienceError, 'the token is for another audience'],
  [JwtInvalidSignatureAlgorithmError, 'the token is signed in a way that does not fit its key'],
  [JwtInvalidSignatureError, 'the token is signed with another key'],
  [KidNotFoundInJwksError, 'the token is signed with an unknown key'],
  [JwtWithoutValidKidError, 'the token is signed with an unknown key'],
  // An unknown key was asked for moments ago: whoever invents keys must not make the issuer pay for it.
  [WaitPeriodNotYetEndedJwkError, 'the token is signed with an unknown key'],
  [JwtParseError, 'the token is no signed JWT'],
];

/** Why a token is refused, without anything that it says. */
export const whyRefused = (error: unknown): string =>
  reasons.find(([kind]) => error instanceof kind)?.[1] ?? 'the signature of the token cannot be checked';
