import type { FeedGateway, PostOutcome } from '../../core/ports';
import type { Chance } from './chance';
import type { SimulatedTime } from './time';
import type { Weather } from './weather';

/** The other end of a socket. */
export interface SocketEnd {
  receive(message: object): void;
  ended(): void;
}

/** API Gateway lets a post take so long. */
const slowPostMs = 8_000;

/** API Gateway's WebSockets: messages may be lost, doubled, late and out of order; a socket may die without a word. */
export class SimulatedSockets implements FeedGateway {
  private readonly ends = new Map<string, SocketEnd>();
  private readonly endedMs = new Map<string, number>();
  /** Called when $disconnect would be. */
  onDisconnect: (connectionId: string) => void = () => {};

  constructor(
    private readonly time: SimulatedTime,
    private readonly weather: Weather,
    private readonly chance: Chance,
  ) {}

  open(connectionId: string, end: SocketEnd): void {
    this.ends.set(connectionId, end);
  }

  isOpen(connectionId: string): boolean {
    return this.ends.has(connectionId);
  }

  /** Whether it has been gone since before an instant. */
  wasGoneAt(connectionId: string, atMs: number): boolean {
    return (this.endedMs.get(connectionId) ?? Number.POSITIVE_INFINITY) < atMs;
  }

  /** Ends a socket, whoever wants it. */
  cut(connectionId: string): void {
    const end = this.ends.get(connectionId);
    if (end === undefined) return;
    this.ends.delete(connectionId);
    this.endedMs.set(connectionId, this.time.now());
    end.ended();
    if (!this.chance.happens(this.weather.disconnectsLost)) this.onDisconnect(connectionId);
  }

  cutAll(): void {
    for (const connectionId of this.ends.keys()) this.cut(connectionId);
  }

  async post(connectionId: string, message: object): Promise<PostOutcome> {
    const { pushesFail, postsSlow } = this.weather;
    await this.time.sleep(this.chance.happens(postsSlow) ? slowPostMs : this.chance.between(1, 20));
    if (!this.ends.has(connectionId)) return 'gone';
    if (this.chance.happens(pushesFail)) return 'failed';
    this.deliver(connectionId, JSON.stringify(message));
    return 'delivered';
  }

  async disconnect(connectionId: string): Promise<void> {
    this.cut(connectionId);
  }

  private deliver(connectionId: string, text: string): void {
    const { pushesLost, pushesTwice, pushesLateMs } = this.weather;
    const copies = this.chance.happens(pushesTwice) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.chance.happens(pushesLost)) continue;
      const delayMs = 10 + this.chance.between(0, pushesLateMs + 1);
      this.time.at(this.time.now() + delayMs, () => this.ends.get(connectionId)?.receive(JSON.parse(text)));
    }
  }
}
