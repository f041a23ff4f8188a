import { at } from './builders';
import type { ChangesMessage, FacilityState, Snapshot, TickRegion } from './feed-store';

/** What a server sends over the live feed to one watcher of one region. */
export type Sent =
  | { readonly type: 'changes'; readonly message: ChangesMessage }
  | { readonly type: 'tick'; readonly tick: TickRegion }
  | { readonly type: 'resync' };

const region = 'north';
const instant = new Date(at('10:00')).toISOString();
/** Older entries are gone. */
const kept = 6;

const totalsOf = (facilities: readonly FacilityState[]): Snapshot['totals'] => {
  const online = facilities.filter(({ status }) => status === 'online').length;
  const state = facilities.length === 0 ? 'empty' : online === 0 ? 'down' : 'partial';
  return { facilities: facilities.length, online, offline: facilities.length - online, state };
};

/** A region as CD1 to CD4 describe it: a log of entries with a `seq`, facilities with versions, lives named by an epoch. */
export class ModelServer {
  private life = 1;
  private seq = 0;
  private facilities: ReadonlyMap<string, FacilityState> = new Map();
  private log: ChangesMessage[] = [];
  /** Every state there ever was, by epoch and `seq`. */
  private readonly states = new Map<string, ReadonlyMap<string, FacilityState>>();

  constructor() {
    this.remember();
  }

  /** Null before anything was committed, as a region without a head has none. */
  get epoch(): string | null {
    return this.seq === 0 && this.life === 1 ? null : `e${this.life}`;
  }

  get position(): { readonly epoch: string | null; readonly seq: number } {
    return { epoch: this.epoch, seq: this.seq };
  }

  stateAt(epoch: string | null, seq: number): ReadonlyMap<string, FacilityState> | undefined {
    return this.states.get(`${epoch} ${seq}`);
  }

  /** Gives these facilities the other status, and takes the last one away if that is wanted. @returns the entry's message */
  commit(ids: readonly string[], removes: boolean): Sent {
    this.seq += 1;
    const after = new Map(this.facilities);
    const changes = ids.map((id, index): ChangesMessage['changes'][number] => {
      const removed = removes && index === ids.length - 1 && after.has(id);
      const status = removed || after.get(id)?.status === 'online' ? 'offline' : 'online';
      const reason = removed ? 'removed' : status === 'online' ? 'heartbeat' : 'timeout';
      const told = { status, reason, decidedAt: instant, sessions: 1, users: 1, version: this.seq } as const;
      if (removed) after.delete(id);
      else after.set(id, { id, name: id, since: instant, ...told });
      return { facility: id, at: instant, ...told };
    });
    this.facilities = after;
    const message = this.entry(changes);
    this.log = [...this.log, message].slice(-kept);
    this.remember();
    return { type: 'changes', message };
  }

  private entry(changes: ChangesMessage['changes']): ChangesMessage {
    const { seq } = this;
    const totals = totalsOf([...this.facilities.values()]);
    const position = { epoch: `e${this.life}`, fromSeq: seq, toSeq: seq };
    return { type: 'changes', region, asOf: instant, ...position, changes, totals };
  }

  /** The region's tables are lost and it begins anew. */
  beginAnew(): void {
    this.life += 1;
    this.seq = 0;
    this.facilities = new Map();
    this.log = [];
    this.remember();
  }

  /** What a subscribe is answered with: the log from there, or the advice to take a snapshot; then a tick. */
  since(epoch: string | null, seq: number): readonly Sent[] {
    if ((epoch !== null && epoch !== this.epoch) || seq > this.seq) return [{ type: 'resync' }, this.tick()];
    const missed = this.log.filter(({ fromSeq }) => fromSeq > seq);
    if (missed.length < this.seq - seq) return [{ type: 'resync' }, this.tick()];
    return [...missed.map((message): Sent => ({ type: 'changes', message })), this.tick()];
  }

  tick(): Sent {
    let sum = 0;
    for (const { version } of this.facilities.values()) sum += version;
    const digest = { count: this.facilities.size, sum };
    return { type: 'tick', tick: { region, ...this.position, asOf: instant, digest } };
  }

  /** @param behind how many entries its `seq` is behind its rows, since the region changed while it was read (CD3) */
  snapshot(behind = 0): Snapshot {
    const facilities = [...this.facilities.values()];
    const seq = Math.max(0, this.seq - behind);
    const epoch = this.epoch;
    return { region, name: region, epoch, seq, asOf: instant, totals: totalsOf(facilities), facilities };
  }

  private remember(): void {
    this.states.set(`${this.epoch} ${this.seq}`, this.facilities);
  }
}
