import type {
  Connection,
  ConnectionStore,
  Places,
  PresenceSubscriber,
  Subscriber,
  Ticket,
  Topic,
} from '../../core/connection';
import { sameTopic } from '../../core/topic';

interface KeptTicket {
  readonly holder: Ticket;
  readonly validUntilMs: number;
}

/** For whoever opens a connection without asking how many there are. */
const endless: Places = { atMost: Number.POSITIVE_INFINITY, nowMs: 0 };

/** Tickets, sockets and subscriptions in Maps. */
export class MemoryConnectionStore implements ConnectionStore {
  private readonly tickets = new Map<string, KeptTicket>();
  private readonly connections = new Map<string, Connection>();
  /** Until when each connection has its place. */
  private readonly keptUntilMs = new Map<string, number>();

  async saveTicket(ticket: string, holder: Ticket, validUntilMs: number): Promise<void> {
    this.tickets.set(ticket, { holder, validUntilMs });
  }

  async redeemTicket(ticket: string, nowMs: number): Promise<Ticket | undefined> {
    const kept = this.tickets.get(ticket);
    if (kept === undefined || kept.validUntilMs <= nowMs) return undefined;
    this.tickets.delete(ticket);
    return kept.holder;
  }

  async open(
    connection: Connection,
    keepUntilMs = Number.POSITIVE_INFINITY,
    places = endless,
  ): Promise<boolean> {
    if (this.placesTaken(connection, places.nowMs) >= places.atMost) return false;
    this.connections.set(connection.connectionId, { ...connection, topics: [] });
    this.keptUntilMs.set(connection.connectionId, keepUntilMs);
    return true;
  }

  async find(connectionId: string): Promise<Connection | undefined> {
    return this.connections.get(connectionId);
  }

  async subscribe(
    { connectionId }: Connection,
    topic: Topic,
    _keepUntilMs = Number.POSITIVE_INFINITY,
    atMost = Number.POSITIVE_INFINITY,
  ): Promise<boolean> {
    const open = this.connections.get(connectionId);
    const others = open?.topics.filter((other) => !sameTopic(other, topic)) ?? [];
    if (open === undefined || others.length >= atMost) return false;
    this.change(connectionId, () => [...others, topic]);
    return true;
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

  private placesTaken({ issuer, subject }: Ticket, nowMs: number): number {
    return [...this.connections.values()].filter(
      (other) =>
        other.issuer === issuer &&
        other.subject === subject &&
        (this.keptUntilMs.get(other.connectionId) ?? 0) > nowMs,
    ).length;
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
