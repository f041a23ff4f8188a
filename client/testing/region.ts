import type { ChangesMessage, Digest, FacilityState, PresenceMessage, Present, Totals } from '../live/wire';

/** A facility's status as a test sets it. */
export type FacilityWords = Partial<Omit<FacilityState, 'id' | 'version'>>;

/** A region of the fake server: its facilities, its log, and who is present in them. */
export class FakeRegion {
  epoch: string;
  readonly facilities = new Map<string, FacilityState>();
  readonly log: ChangesMessage[] = [];
  readonly presence = new Map<string, FakePresence>();
  private name: string;

  constructor(
    readonly id: string,
    private readonly nowMs: () => number,
    life = 1,
  ) {
    this.name = id;
    this.epoch = `epoch-${life}`;
  }

  get seq(): number {
    return this.log.length;
  }

  /** Null as long as there is nothing, as with the server. */
  get knownEpoch(): string | null {
    return this.seq === 0 ? null : this.epoch;
  }

  get digest(): Digest {
    const versions = [...this.facilities.values()].map(({ version }) => version);
    return { count: versions.length, sum: versions.reduce((sum, version) => sum + version, 0) };
  }

  get totals(): Totals {
    const facilities = this.facilities.size;
    const online = [...this.facilities.values()].filter(({ status }) => status === 'online').length;
    const state =
      facilities === 0 ? 'empty' : online === facilities ? 'up' : online === 0 ? 'down' : 'partial';
    return { facilities, online, offline: facilities - online, state };
  }

  /** Commits one change; @returns the entry */
  set(id: string, words: FacilityWords = {}): ChangesMessage {
    const before = this.facilities.get(id);
    const status = words.status ?? before?.status ?? 'online';
    const since = before?.status === status ? before.since : this.instant();
    const facility: FacilityState = {
      ...{ id, name: id, sessions: 1, users: 1, reason: status === 'online' ? 'heartbeat' : 'timeout' },
      ...before,
      decidedAt: this.instant(),
      ...(status === 'offline' && { sessions: 0, users: 0, reason: 'timeout' }),
      ...words,
      since: words.since ?? since,
      status,
      version: this.seq + 1,
    };
    this.facilities.set(id, facility);
    return this.commit(facility);
  }

  remove(id: string): ChangesMessage {
    const facility = this.facilities.get(id) ?? this.facilityNeverSeen(id);
    this.facilities.delete(id);
    return this.commit({
      ...facility,
      status: 'offline',
      reason: 'removed',
      version: this.seq + 1,
      decidedAt: this.instant(),
    });
  }

  presenceIn(facility: string): FakePresence {
    const known = this.presence.get(facility) ?? new FakePresence(this.id, facility, this.nowMs);
    this.presence.set(facility, known);
    return known;
  }

  snapshot(): object {
    return {
      region: this.id,
      name: this.name,
      epoch: this.knownEpoch,
      seq: this.seq,
      asOf: this.instant(),
      digest: this.digest,
      totals: this.totals,
      facilities: [...this.facilities.values()],
    };
  }

  private facilityNeverSeen(id: string): FacilityState {
    this.set(id);
    const facility = this.facilities.get(id);
    if (facility === undefined) throw new Error(`${id} was set`);
    return facility;
  }

  private commit({ id, name: _, since: at, maintenanceWindows: __, ...rest }: FacilityState): ChangesMessage {
    const seq = this.seq + 1;
    const entry: ChangesMessage = {
      type: 'changes',
      region: this.id,
      epoch: this.epoch,
      fromSeq: seq,
      toSeq: seq,
      asOf: this.instant(),
      changes: [{ facility: id, at, ...rest }],
      totals: this.totals,
    };
    this.log.push(entry);
    return entry;
  }

  private instant(): string {
    return new Date(this.nowMs()).toISOString();
  }
}

/** Who is present in one facility. */
export class FakePresence {
  readonly present = new Map<string, Present>();
  readonly log: PresenceMessage[] = [];

  constructor(
    private readonly region: string,
    private readonly facility: string,
    private readonly nowMs: () => number,
  ) {}

  get seq(): number {
    return this.log.length;
  }

  /** A user joins, or sets other attributes. */
  set(user: string, attributes: Present['attributes'] = {}): PresenceMessage {
    const before = this.present.get(user);
    this.present.set(user, { user, since: before?.since ?? this.instant(), attributes });
    return this.commit(before ? 'updateAttributes' : 'join', user, attributes);
  }

  end(user: string, event: 'leave' | 'timeout' = 'leave'): PresenceMessage {
    this.present.delete(user);
    return this.commit(event, user);
  }

  private commit(
    event: PresenceMessage['event'],
    user: string,
    attributes?: Present['attributes'],
  ): PresenceMessage {
    const message: PresenceMessage = {
      type: 'presence',
      region: this.region,
      facility: this.facility,
      presenceSeq: this.seq + 1,
      event,
      user,
      at: this.instant(),
      decidedAt: this.instant(),
      ...(attributes && { attributes }),
    };
    this.log.push(message);
    return message;
  }

  private instant(): string {
    return new Date(this.nowMs()).toISOString();
  }
}
