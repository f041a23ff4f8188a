type Close = () => Promise<void> | void;

/** Everything that was started, to be ended in the opposite order, so that nothing loses what it stands on. */
export class Teardown {
  private readonly closers: Close[] = [];

  /** @returns the same thing, so that it can be started and noted in one line */
  add<T extends { close(): Promise<void> | void }>(started: T): T {
    this.closers.push(() => started.close());
    return started;
  }

  onEnd(close: Close): void {
    this.closers.push(close);
  }

  /**
   * Ends everything once, also what follows after something that cannot be ended.
   * @throws AggregateError of what could not
   */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be ended');
  }
}
