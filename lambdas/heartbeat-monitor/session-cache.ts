import type { Session } from '../../core/session';

/**
 * Sessions as this copy of the function last saw them stored. A stale one is noticed by the conditional write, so the
 * cache saves reads and never costs truth (HB6). The longest unused goes first.
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
