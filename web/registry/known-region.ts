import { signal } from '@preact/signals';
import type { FacilityRegistry, RegionRegistry } from '../../core/registry';
import { ApiRefused } from '../../registry/port';
import type { WholeRegion } from './page-registry';

/** How much the page knows of a region's registry. */
export interface Known {
  /** As it was read last; it stays while it is read again, and when that fails. */
  readonly whole: WholeRegion | undefined;
  readonly isReading: boolean;
  /** Why it could not be read the last time. */
  readonly failure: string | undefined;
}

type Change = (whole: WholeRegion) => WholeRegion;

/** A region's registry, as far as the page knows it. */
export class KnownRegion {
  private readonly known = signal<Known>({ whole: undefined, isReading: false, failure: undefined });
  private reads = 0;
  /** What was changed from here since the read under way began, which may not have seen it. */
  private changes: Change[] = [];

  constructor(private readonly ask: () => Promise<WholeRegion>) {}

  get now(): Known {
    return this.known.value;
  }

  /**
   * Reads what is opened: others change it too, and heartbeats bring facilities.
   * @param facility the one that is opened, which need not be read again where it is known
   */
  async open(facility?: string): Promise<void> {
    const { whole, isReading } = this.known.peek();
    const isKnown = facility !== undefined && whole?.facilities.has(facility);
    if (!isReading && !isKnown) await this.read();
  }

  /** Asks again, also while an answer is awaited that may be older than what was changed just now. */
  async read(): Promise<void> {
    this.reads += 1;
    const mine = this.reads;
    this.changes = [];
    this.set({ isReading: true });
    try {
      const whole = await this.ask();
      // Of two answers that cross each other, only the one that was asked for last counts.
      if (mine !== this.reads) return;
      this.set({ whole: this.changes.reduce((said, change) => change(said), whole), failure: undefined });
    } catch (error) {
      if (mine === this.reads) this.set({ failure: wordsOf(error) });
      if (!(error instanceof ApiRefused)) throw error;
    } finally {
      if (mine === this.reads) this.set({ isReading: false });
    }
  }

  /** Notes what was put or removed just now, before anybody asks again. */
  noteFacility(id: string, registry: FacilityRegistry | undefined): void {
    this.note((whole) => {
      const facilities = new Map(whole.facilities);
      if (registry === undefined) facilities.delete(id);
      else facilities.set(id, registry);
      return { ...whole, facilities };
    });
  }

  noteRegion(registry: RegionRegistry): void {
    this.note((whole) => ({ ...whole, registry }));
  }

  private note(change: Change): void {
    const { whole, isReading } = this.known.peek();
    if (isReading) this.changes.push(change);
    if (whole !== undefined) this.set({ whole: change(whole) });
  }

  private set(words: Partial<Known>): void {
    this.known.value = { ...this.known.peek(), ...words };
  }
}

const wordsOf = (error: unknown): string =>
  error instanceof ApiRefused ? error.message : 'The registry could not be read.';
