/**
 * The root of every error that Rollcall raises on purpose. Leaves are named by the decision that was taken and carry
 * what was found (`actual`) and what would have been right (`expected`).
 */
export class RollcallError extends Error {
  override readonly name: string = this.constructor.name;

  constructor(
    message: string,
    readonly details: { readonly actual?: unknown; readonly expected?: unknown } = {},
  ) {
    super(message);
  }
}

/** A setting that cannot work; the message is one sentence that says what to change. */
export class ConfigurationRefused extends RollcallError {}

/** A record on the stream that no retry can make readable; it is stored as a dead letter. */
export class PoisonRecord extends RollcallError {}

/** Somebody else committed first; whoever catches this starts again from what is stored now. */
export class CommitLost extends RollcallError {}

/** A dependency turned the request away for load or a passing fault; the same call may succeed later. */
export class TryAgainLater extends RollcallError {}

/** Reached only if a union grew and a switch did not: a compile error first, this at run time. */
export function unreachable(value: never): never {
  throw new RollcallError('a case is missing for this value', { actual: value });
}
