/**
 * Why something is tried again, or ended for good; the state says which. `unauthorized`: also a fresh token was refused
 * (401). `forbidden`, `not-found`, `rejected`: the server will not take this, however often it is asked (403, 404, other 4xx).
 * `too-many`: a socket holds no more subscriptions. `network`: nobody answered in time. `busy`: the server asked for
 * patience (429, 5xx). `token`: `getToken` failed.
 */
export type Reason =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rejected'
  | 'too-many'
  | 'network'
  | 'busy'
  | 'token';

/** Every error of the library. `configuration`: an option that cannot work; the message says what to change. */
export class RollcallError extends Error {
  override readonly name = 'RollcallError';
  readonly reason: Reason | 'configuration';

  constructor(reason: Reason | 'configuration', message: string) {
    super(message);
    this.reason = reason;
  }
}
