import { CommitLost } from '../../core/errors';
import type { PresenceLedger, PresencePage } from '../../core/ports';
import { noPresence, type PresenceCommit, type PresenceEvent, type Present } from '../../core/presence';
import type { MemoryRegionLedger } from './region-ledger';

interface Room {
  readonly users: Map<string, Present>;
  readonly events: PresenceEvent[];
}

/** Who is present, in Maps, beside the facilities of a ledger in memory. */
export class MemoryPresenceLedger implements PresenceLedger {
  protected readonly rooms = new Map<string, Room>();

  constructor(private readonly ledger: MemoryRegionLedger) {}

  async present(
    region: string,
    facility: string,
    { after, limit }: PresencePage,
  ): Promise<readonly Present[]> {
    const users = [...this.room(region, facility).users.values()].sort((a, b) => (a.user < b.user ? -1 : 1));
    return users.filter(({ user }) => after === undefined || user > after).slice(0, limit);
  }

  async presentUser(region: string, facility: string, user: string): Promise<Present | undefined> {
    return this.room(region, facility).users.get(user);
  }

  async presenceEvents(
    region: string,
    facility: string,
    seq: number,
    limit: number,
  ): Promise<readonly PresenceEvent[]> {
    return this.room(region, facility)
      .events.filter((event) => event.seq > seq)
      .slice(0, limit);
  }

  async commitPresence(region: string, commits: readonly PresenceCommit[]): Promise<void> {
    for (const { facility, before, after, events, joined, gone } of commits) {
      const known = this.ledger.storedRow(region, facility);
      const standing = known?.presence ?? noPresence;
      if (known === undefined || JSON.stringify(standing) !== JSON.stringify(before)) {
        throw new CommitLost('another monitor told the presence first', {
          actual: standing,
          expected: before,
        });
      }
      this.ledger.notePresence(region, facility, after);
      const room = this.room(region, facility);
      room.events.push(...events);
      for (const present of joined) room.users.set(present.user, present);
      for (const user of gone) room.users.delete(user);
    }
  }

  private room(region: string, facility: string): Room {
    const place = `${region}/${facility}`;
    const found = this.rooms.get(place);
    if (found !== undefined) return found;
    const fresh: Room = { users: new Map(), events: [] };
    this.rooms.set(place, fresh);
    return fresh;
  }
}
