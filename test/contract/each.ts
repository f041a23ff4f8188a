import { remoteTimeoutMs } from './on-aws';

/** An implementation of a port, with what a suite needs to look behind it. */
export interface Bench<Port> {
  readonly port: Port;
  close(): Promise<void> | void;
}

/** Runs one suite on every implementation of a port, each test on a fresh one. */
export function onEach<B extends Bench<unknown>>(
  name: string,
  implementations: Readonly<Record<string, () => B | Promise<B>>>,
  suite: (get: () => B) => void,
): void {
  for (const [implementation, open] of Object.entries(implementations)) {
    describe(`${name}: ${implementation}`, () => {
      let bench: B;
      beforeEach(async () => {
        bench = await open();
      }, remoteTimeoutMs);
      afterEach(() => bench.close(), remoteTimeoutMs);
      suite(() => bench);
    });
  }
}
