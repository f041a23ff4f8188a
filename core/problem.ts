import { RollcallError } from './errors';
import type { FieldRefused } from './shape';

/** Names of the ways in which a request is refused; `urn:rollcall:problem:<name>` on the wire. */
export type ProblemName =
  | 'invalid-json'
  | 'invalid-field'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'gone'
  | 'too-large'
  | 'unsupported-media-type'
  | 'too-fast'
  | 'busy';

/** Status and title of each. */
export const problems: Readonly<Record<ProblemName, readonly [status: number, title: string]>> = {
  'invalid-json': [400, 'The body is not JSON'],
  'invalid-field': [400, 'A field is outside the contract'],
  unauthenticated: [401, 'A valid bearer token is needed'],
  forbidden: [403, 'The token does not allow this'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'This method is not served here'],
  gone: [410, 'No longer kept'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be application/json'],
  'too-fast': [429, 'Too many requests of this kind'],
  busy: [503, 'Too busy for now'],
};

/** An answer of RFC 9457, `application/problem+json`. Never repeats input, except the name of a field. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly field?: string;
  /** Seconds after which the same may be asked for again. */
  readonly retryAfter?: number;
}

/** A request outside the contract or outside the caller's rights; it changed nothing (AC4). */
export class RequestRefused extends RollcallError {
  readonly problem: Problem;

  constructor(name: ProblemName, detail: string, field?: string) {
    const [status, title] = problems[name];
    super(detail);
    this.problem = {
      type: `urn:rollcall:problem:${name}`,
      title,
      status,
      detail,
      ...(field !== undefined && { field }),
    };
  }
}

/** A token that proves nothing; the reason is for the log, the caller is told only that it was refused. */
export class AccessRefused extends RequestRefused {
  constructor(readonly why: string) {
    super('unauthenticated', 'The bearer token is missing, expired, or not from a trusted issuer.');
  }
}

/** The answer to input that a reader refused. */
export const fieldProblem = (refused: FieldRefused): Problem =>
  new RequestRefused('invalid-field', `Expected ${refused.expected}.`, refused.field || 'body').problem;
