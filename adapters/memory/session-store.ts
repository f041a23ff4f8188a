import type { SaveOutcome, SessionStore } from '../../core/ports';
import { type Session, type SessionKey, sessionKeyText } from '../../core/session';

/** Sessions in a Map. */
export class MemorySessionStore implements SessionStore {
  private readonly sessions = new Map<string, Session>();

  async load(keys: readonly SessionKey[]): Promise<readonly (Session | undefined)[]> {
    return keys.map((key) => this.sessions.get(sessionKeyText(key)));
  }

  async save(session: Session): Promise<SaveOutcome> {
    const key = sessionKeyText(session);
    const stored = this.sessions.get(key);
    if ((stored?.revision ?? 0) !== session.revision) return { conflict: stored };
    const saved = { ...session, revision: session.revision + 1 };
    this.sessions.set(key, saved);
    return { saved };
  }

  async list(region: string): Promise<readonly Session[]> {
    return [...this.sessions.values()].filter((session) => session.region === region);
  }

  async remove(sessions: readonly Session[]): Promise<void> {
    for (const session of sessions) {
      const key = sessionKeyText(session);
      if (this.sessions.get(key)?.revision === session.revision) this.sessions.delete(key);
    }
  }
}
