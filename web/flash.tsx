/** Fades over what has just changed; a number that is another one begins it anew. */
export function Flash({ count }: { readonly count: number | undefined }) {
  return count === undefined ? null : <span key={count} class="flash" aria-hidden="true" />;
}
