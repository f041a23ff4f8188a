/** What became of one invocation, as Lambda tells it to the service that asked for it. */
export type Invocation =
  | { readonly kind: 'returned'; readonly value: unknown }
  /** The function threw, ran out of time, or its process died. */
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string }
  /** Every copy that the function may have is busy (reserved concurrency). */
  | { readonly kind: 'throttled' };

/** Invokes a function synchronously; never rejects. */
export type Invoke = (event: unknown) => Promise<Invocation>;
