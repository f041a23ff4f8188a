/** Tells listeners. What one of them throws is an uncaught error of the page, and keeps nothing from the others. */
export abstract class Emitter<E> {
  readonly #listeners: { [N in keyof E]?: Set<(value: E[N]) => void> } = {};

  /** @returns takes the listener away again */
  on<N extends keyof E>(name: N, listener: (value: E[N]) => void): () => void {
    this.#listeners[name] ??= new Set();
    this.#listeners[name].add(listener);
    return () => this.off(name, listener);
  }

  off<N extends keyof E>(name: N, listener: (value: E[N]) => void): void {
    this.#listeners[name]?.delete(listener);
  }

  protected tell<N extends keyof E>(name: N, value: E[N]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
