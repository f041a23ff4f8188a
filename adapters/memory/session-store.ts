import type { Attributes } from '../../core/attributes';
import type { SaveOutcome, SessionStore } from '../../core/ports';
import { type Session, type SessionKey, sessionKeyText, userText } from '../../core/session';

/** Sessions in a Map for each region, as they are in a partition each. */
export class MemorySessionStore implements SessionStore {
  private readonly regions = new Map<string, Map<string, Session>>();
  private readonly kept = new Map<string, Attributes>();

  async load(keys: readonly SessionKey[]): Promise<readonly (Session | undefined)[]> {
    return keys.map((key) => this.regions.get(key.region)?.get(sessionKeyText(key)));
  }

  async attributes(keys: readonly SessionKey[]): Promise<readonly (Attributes | undefined)[]> {
    return keys.map((key) => this.kept.get(sessionKeyText(key)));
  }

  async ofUser(user: string): Promise<readonly Session[]> {
    const all = [...this.regions.values()].flatMap((sessions) => [...sessions.values()]);
    return all.filter((session) => userText(session) === user);
  }

  async save(session: Session, attributes?: Attributes): Promise<SaveOutcome> {
    const key = sessionKeyText(session);
    const sessions = this.partition(session.region);
    const stored = sessions.get(key);
    if ((stored?.revision ?? 0) !== session.revision) return { conflict: stored };
    const saved = { ...session, revision: session.revision + 1 };
    sessions.set(key, saved);
    if (attributes !== undefined) this.kept.set(key, attributes);
    return { saved };
  }

  async list(region: string): Promise<readonly Session[]> {
    return [...(this.regions.get(region)?.values() ?? [])];
  }

  async remove(sessions: readonly Session[]): Promise<void> {
    for (const session of sessions) {
      const key = sessionKeyText(session);
      const partition = this.partition(session.region);
      if (partition.get(key)?.revision !== session.revision) continue;
      partition.delete(key);
      this.kept.delete(key);
    }
  }

  private partition(region: string): Map<string, Session> {
    const found = this.regions.get(region);
    if (found !== undefined) return found;
    const fresh = new Map<string, Session>();
    this.regions.set(region, fresh);
    return fresh;
  }
}
