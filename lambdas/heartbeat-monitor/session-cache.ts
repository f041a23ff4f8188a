import type { Session } from '../../core/session';

/**
 * Sessions as this copy of the function last saw them stored. Good for the next beat of each and no other one: what another copy
 * has taken since is not known here, and of a beat that needs no write nobody would notice (HB6). The longest unused goes first.
 */
export class SessionCache {
  private readonly sessions = new Map<string, Session>();

  /** @param limit about 500 bytes each */
  constructor(private readonly limit: number) {}

  get(key: string): Session | undefined {
    const session = this.sessions.get(key);
    if (session !== undefined) this.touch(key, session);
    return session;
  }

  set(key: string, session: Session): void {
    this.sessions.set(key, session);
    if (this.sessions.size <= this.limit) return;
    const oldest = this.sessions.keys().next();
    if (!oldest.done) this.sessions.delete(oldest.value);
  }

  delete(key: string): void {
    this.sessions.delete(key);
  }

  /** A Map keeps the order of insertion: the last touched is the last one. */
  private touch(key: string, session: Session): void {
    this.sessions.delete(key);
    this.sessions.set(key, session);
  }
}
