import type { Attributes } from '../../core/attributes';
import type { SaveOutcome, SessionStore } from '../../core/ports';
import { type Session, type SessionKey, sessionKeyText, userText } from '../../core/session';

/** Sessions in a Map. */
export class MemorySessionStore implements SessionStore {
  private readonly sessions = new Map<string, Session>();
  private readonly kept = new Map<string, Attributes>();

  async load(keys: readonly SessionKey[]): Promise<readonly (Session | undefined)[]> {
    return keys.map((key) => this.sessions.get(sessionKeyText(key)));
  }

  async attributes(keys: readonly SessionKey[]): Promise<readonly (Attributes | undefined)[]> {
    return keys.map((key) => this.kept.get(sessionKeyText(key)));
  }

  async ofUser(user: string): Promise<readonly Session[]> {
    return [...this.sessions.values()].filter((session) => userText(session) === user);
  }

  async save(session: Session, attributes?: Attributes): Promise<SaveOutcome> {
    const key = sessionKeyText(session);
    const stored = this.sessions.get(key);
    if ((stored?.revision ?? 0) !== session.revision) return { conflict: stored };
    const saved = { ...session, revision: session.revision + 1 };
    this.sessions.set(key, saved);
    if (attributes !== undefined) this.kept.set(key, attributes);
    return { saved };
  }

  async list(region: string): Promise<readonly Session[]> {
    return [...this.sessions.values()].filter((session) => session.region === region);
  }

  async remove(sessions: readonly Session[]): Promise<void> {
    for (const session of sessions) {
      const key = sessionKeyText(session);
      if (this.sessions.get(key)?.revision !== session.revision) continue;
      this.sessions.delete(key);
      this.kept.delete(key);
    }
  }
}
