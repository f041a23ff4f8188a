import type { PresenceCommit, PresenceEvent } from '../../core/presence';
import type { Trace } from './trace';

interface Room {
  seq: number;
  readonly present: Set<string>;
}

/** Judges what is told of who is present: numbers without gaps, and nobody joins or goes twice. */
export class PresenceOracle {
  private readonly rooms = new Map<string, Room>();

  constructor(private readonly trace: Trace) {}

  committed(region: string, commits: readonly PresenceCommit[]): void {
    for (const { facility, events } of commits) {
      for (const event of events) this.judge(`${region}/${facility}`, event);
    }
  }

  present(region: string, facility: string): ReadonlySet<string> {
    return this.room(`${region}/${facility}`).present;
  }

  lost(region: string): void {
    for (const place of this.rooms.keys()) if (place.startsWith(`${region}/`)) this.rooms.delete(place);
  }

  private judge(place: string, { seq, event, user }: PresenceEvent): void {
    const room = this.room(place);
    if (seq !== room.seq + 1)
      this.trace.violated('S3', `${place} goes from presenceSeq ${room.seq} to ${seq}`);
    room.seq = seq;
    const here = room.present.has(user);
    if (here === (event === 'join'))
      this.trace.violated('S4', `${user} tells ${event} in ${place}, being ${here ? 'there' : 'gone'}`);
    if (event === 'join') room.present.add(user);
    if (event === 'leave' || event === 'timeout') room.present.delete(user);
  }

  private room(place: string): Room {
    const known = this.rooms.get(place);
    if (known !== undefined) return known;
    const fresh = { seq: 0, present: new Set<string>() };
    this.rooms.set(place, fresh);
    return fresh;
  }
}
