import type { Connection, ConnectionStore, Subscriber, Ticket } from '../../core/ports';

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
    this.connections.set(connection.connectionId, { ...connection, regions: [] });
  }

  async find(connectionId: string): Promise<Connection | undefined> {
    return this.connections.get(connectionId);
  }

  async subscribe({ connectionId }: Connection, region: string): Promise<void> {
    this.change(connectionId, (regions) => [...new Set([...regions, region])]);
  }

  async unsubscribe(connectionId: string, region: string): Promise<void> {
    this.change(connectionId, (regions) => regions.filter((other) => other !== region));
  }

  async subscribers(region: string): Promise<readonly Subscriber[]> {
    return [...this.connections.values()]
      .filter(({ regions }) => regions.includes(region))
      .map(({ regions: _, ...subscriber }) => subscriber);
  }

  async close(connectionId: string): Promise<void> {
    this.connections.delete(connectionId);
  }

  private change(connectionId: string, next: (regions: readonly string[]) => readonly string[]): void {
    const open = this.connections.get(connectionId);
    if (open !== undefined) this.connections.set(connectionId, { ...open, regions: next(open.regions) });
  }
}
