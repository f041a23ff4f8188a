/** Says that the order stands still under somebody's pointer or focus, and offers to let it go. */
export function Behind({ release }: { readonly release: () => void }) {
  return (
    <p class="behind">
      The order has changed; it waits while you are in the list.{' '}
      <button type="button" class="link-button" onClick={release}>
        Sort now
      </button>
    </p>
  );
}
