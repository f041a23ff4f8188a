import type { FakeTab } from './tab';

interface Asking {
  readonly tab: FakeTab;
  readonly name: string;
  readonly steal: boolean;
  readonly granted: () => void;
  readonly lost: () => void;
}

/** Web Locks: in the order of asking, and a frozen tab may hold one. */
export class FakeLocks {
  private readonly queue: Asking[] = [];
  private readonly held = new Map<string, Asking>();
  /** Granted or lost, and not told yet, since the tab is frozen. */
  private untold: { readonly tab: FakeTab; readonly tell: () => void }[] = [];

  ask(asking: Asking): () => void {
    if (asking.steal) this.steal(asking);
    else this.queue.push(asking);
    this.grant();
    return () => this.release(asking);
  }

  countOf(tab: FakeTab): number {
    return [...this.queue, ...this.held.values()].filter((asking) => asking.tab === tab).length;
  }

  drop(tab: FakeTab): void {
    for (const asking of [...this.queue, ...this.held.values()]) if (asking.tab === tab) this.release(asking);
  }

  catchUp(): void {
    const due = this.untold.filter(({ tab }) => tab.isRunning);
    this.untold = this.untold.filter(({ tab }) => !tab.isRunning);
    for (const { tell } of due) tell();
  }

  private steal(asking: Asking): void {
    const holder = this.held.get(asking.name);
    this.held.delete(asking.name);
    if (holder) this.tell(holder.tab, holder.lost);
    this.queue.unshift(asking);
  }

  private release(asking: Asking): void {
    if (this.held.get(asking.name) === asking) this.held.delete(asking.name);
    const index = this.queue.indexOf(asking);
    if (index >= 0) this.queue.splice(index, 1);
    this.grant();
  }

  private grant(): void {
    for (const asking of [...this.queue]) {
      if (this.held.has(asking.name)) continue;
      this.queue.splice(this.queue.indexOf(asking), 1);
      this.held.set(asking.name, asking);
      this.tell(asking.tab, () => this.held.get(asking.name) === asking && asking.granted());
    }
  }

  private tell(tab: FakeTab, tell: () => void): void {
    this.untold.push({ tab, tell });
    void Promise.resolve().then(() => this.catchUp());
  }
}
