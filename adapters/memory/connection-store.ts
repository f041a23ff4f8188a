import type {
  Connection,
  ConnectionStore,
  PresenceSubscriber,
  Subscriber,
  Ticket,
  Topic,
} from '../../core/ports';
import { sameTopic } from '../../core/topic';

interface KeptTicket {
  readonly holder: Ticket;
  readonly validUntilMs: number;
}

/** Tickets, sockets and subscriptions in Maps. */
export class MemoryConnectionStore implements ConnectionStore {
  private readonly tickets = new Map<string, KeptTicket>();
  private readonly connections = new Map<string, Connection>();

  async saveTicket(ticket: string, holder: Ticket, validUntilMs: number): Promise<void> {
    this.tickets.set(ticket, { holder, validUntilMs });
  }

  async redeemTicket(ticket: string, nowMs: number): Promise<Ticket | undefined> {
    const kept = this.tickets.get(ticket);
    if (kept === undefined || kept.validUntilMs <= nowMs) return undefined;
    this.tickets.delete(ticket);
    return kept.holder;
  }

  async open(connection: Connection): Promise<void> {
    this.connections.set(connection.connectionId, { ...connection, topics: [] });
  }

  async find(connectionId: string): Promise<Connection | undefined> {
    return this.connections.get(connectionId);
  }

  async subscribe({ connectionId }: Connection, topic: Topic): Promise<void> {
    this.change(connectionId, (topics) => [...topics.filter((other) => !sameTopic(other, topic)), topic]);
  }

  async unsubscribe(connectionId: string, topic: Topic): Promise<void> {
    this.change(connectionId, (topics) => topics.filter((other) => !sameTopic(other, topic)));
  }

  async subscribers(region: string): Promise<readonly Subscriber[]> {
    return this.subscriptions(region).flatMap(({ facility, ...subscriber }) =>
      facility === undefined ? [subscriber] : [],
    );
  }

  async presenceSubscribers(region: string): Promise<readonly PresenceSubscriber[]> {
    return this.subscriptions(region).flatMap(({ facility, ...subscriber }) =>
      facility === undefined ? [] : [{ ...subscriber, facility }],
    );
  }

  async close(connectionId: string): Promise<void> {
    this.connections.delete(connectionId);
  }

  private subscriptions(region: string): readonly (Subscriber & Pick<Topic, 'facility'>)[] {
    return [...this.connections.values()].flatMap(({ topics, ...subscriber }) =>
      topics
        .filter((topic) => topic.region === region)
        .map(({ facility }) => ({ ...subscriber, ...(facility !== undefined && { facility }) })),
    );
  }

  private change(connectionId: string, next: (topics: readonly Topic[]) => readonly Topic[]): void {
    const open = this.connections.get(connectionId);
    if (open !== undefined) this.connections.set(connectionId, { ...open, topics: next(open.topics) });
  }
}
