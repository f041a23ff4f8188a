import type { Channel } from '../environment';

/** A BroadcastChannel, which a frozen page hears later. */
export class FakeChannel implements Channel {
  private readonly waiting: unknown[] = [];

  constructor(
    private readonly name: string,
    private readonly listener: (message: unknown) => void,
    private readonly hears: () => boolean,
    private readonly others: () => readonly FakeChannel[],
    readonly close: () => void,
  ) {}

  readonly post = (message: object): void => {
    for (const other of this.others()) {
      if (other.name === this.name) other.take(structuredClone(message));
    }
  };

  catchUp(): void {
    for (const message of this.waiting.splice(0)) this.listener(message);
  }

  private take(message: unknown): void {
    void Promise.resolve().then(() => {
      this.waiting.push(message);
      if (this.hears()) this.catchUp();
    });
  }
}
