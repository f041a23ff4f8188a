import type { FeedGateway, PostOutcome } from '../../core/ports';

/** Sockets as inboxes. */
export class MemoryFeedGateway implements FeedGateway {
  private readonly inboxes = new Map<string, object[]>();
  /** Sockets whose posts fail without being gone. */
  readonly failing = new Set<string>();

  /** Opens a socket; @returns what it receives. */
  open(connectionId: string): readonly object[] {
    const inbox: object[] = [];
    this.inboxes.set(connectionId, inbox);
    return inbox;
  }

  async post(connectionId: string, message: object): Promise<PostOutcome> {
    const inbox = this.inboxes.get(connectionId);
    if (inbox === undefined) return 'gone';
    if (this.failing.has(connectionId)) return 'failed';
    inbox.push(JSON.parse(JSON.stringify(message)));
    return 'delivered';
  }

  async disconnect(connectionId: string): Promise<void> {
    this.inboxes.delete(connectionId);
  }
}
