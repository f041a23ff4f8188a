/** What must become of a request, beside what holds for all: no fault of ours, nothing repeated, as it is described. */
export type Expectation =
  /** Turned away with one of these statuses; `field` is where the fault is. Changes nothing. */
  | { readonly kind: 'refused'; readonly statuses: readonly number[]; readonly field?: string }
  /** Turned away before any of Rollcall's code sees it. Changes nothing. */
  | { readonly kind: 'unserved' }
  /** Answered, whatever the answer is. Changes nothing. */
  | { readonly kind: 'read' }
  /** Answered, whatever the answer is, and perhaps taken. */
  | { readonly kind: 'any' };

/** One generated request. */
export interface Shot {
  /** What is special about it, for whoever reads of a failure. */
  readonly what: string;
  /** As it is described, such as `GET /v1/regions/{region}`. */
  readonly route: string;
  readonly method: string;
  /** Path and query, escaped. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer;
  readonly expected: Expectation;
}

/** Its beginning, to find it by. */
export function shown({ what, method, target, headers, body }: Shot): string {
  const { authorization: _, ...others } = headers;
  const text =
    body === undefined ? '' : ` ${JSON.stringify(body.toString('utf8', 0, 300))} (${body.length} bytes)`;
  return `${what}: ${method} ${target.slice(0, 300)} ${JSON.stringify(others).slice(0, 300)}${text}`;
}
