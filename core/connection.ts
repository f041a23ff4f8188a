import type { Grants } from './rights';

/** An operator's socket: who opened it and what it may see. */
export interface Connection {
  readonly connectionId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly watch: Grants;
  /** When the token that bought the ticket ends; the connection ends with it (AC3). */
  readonly expiresAtMs: number;
  /** What it is subscribed to. */
  readonly topics: readonly Topic[];
}

/** A region, or the presence in one of its facilities. */
export interface Topic {
  readonly region: string;
  readonly facility?: string;
}

/** A bought right to open one socket. */
export type Ticket = Pick<Connection, 'issuer' | 'subject' | 'watch' | 'expiresAtMs'>;

/** A connection as a push needs it: rights and expiry are looked at again each time (AC3). */
export type Subscriber = Omit<Connection, 'topics'>;

/** A connection that is subscribed to the presence in a facility. */
export type PresenceSubscriber = Subscriber & { readonly facility: string };

/** How many connections a subject may have at once, counted at an instant (AC5). */
export interface Places {
  readonly atMost: number;
  readonly nowMs: number;
}

/** Tickets, open sockets and who is subscribed to what. */
export interface ConnectionStore {
  saveTicket(ticket: string, holder: Ticket, validUntilMs: number): Promise<void>;
  /** Takes a ticket out, at most once ever; `undefined` when there is none or it is too late. */
  redeemTicket(ticket: string, nowMs: number): Promise<Ticket | undefined>;
  /**
   * Opens a connection if its subject has a place left for it. One that vanished without a word keeps its place until its
   * `keepUntilMs`, however late its rows are removed.
   * @returns whether it did; if not, nothing was written
   */
  open(connection: Connection, keepUntilMs: number, places: Places): Promise<boolean>;
  find(connectionId: string): Promise<Connection | undefined>;
  /**
   * Notes a subscription; a connection that was closed meanwhile stays closed.
   * @param atMost of them one connection may hold, also when many come at once
   * @returns false for one too many, or when the connection was closed; then nothing is left of it
   */
  subscribe(connection: Connection, topic: Topic, keepUntilMs: number, atMost: number): Promise<boolean>;
  unsubscribe(connectionId: string, topic: Topic): Promise<void>;
  /** Everybody subscribed to a region, strongly consistent. */
  subscribers(region: string): Promise<readonly Subscriber[]>;
  /** Everybody subscribed to the presence in a facility of a region, strongly consistent. */
  presenceSubscribers(region: string): Promise<readonly PresenceSubscriber[]>;
  /**
   * Forgets a connection and its subscriptions.
   * @param subscribedTo where a subscription of it was seen, also if the connection itself is forgotten already
   */
  close(connectionId: string, subscribedTo?: readonly Topic[]): Promise<void>;
}
