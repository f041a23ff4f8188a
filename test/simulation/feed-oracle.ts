import type { RegionWatch } from '../../client/live/handles';
import type { FacilityState, FeedMessage } from '../../client/live/wire';
import { matchesAny } from '../../core/pattern';
import type { CommitOracle, ToldRegion } from './commit-oracle';
import type { SimulatedTime } from './time';
import type { Trace } from './trace';

/**
 * How old what a page calls live may be at most: a proof holds for half a minute, and may itself have been on its way for as
 * long as the slowest post and the latest message take.
 */
const oldestLiveMs = 50_000;

type Shown = ReadonlyMap<string, FacilityState>;

/** Judges what one operator's page shows: S6, S7 and S10. */
export class FeedOracle {
  private readonly seen = new Map<string, Shown>();

  constructor(
    private readonly name: string,
    /** Region to the patterns that the operator may see there. */
    private readonly watch: ReadonlyMap<string, readonly string[]>,
    private readonly log: CommitOracle,
    private readonly time: SimulatedTime,
    private readonly trace: Trace,
  ) {}

  /** S7: nothing is sent that the operator may not see. */
  heard(message: FeedMessage): void {
    if (message.type !== 'changes') return;
    const patterns = this.watch.get(message.region) ?? [];
    const foreign = message.changes.filter(({ facility }) => !matchesAny(patterns, facility));
    if (patterns.length === 0 || foreign.length > 0) {
      this.trace.violated('S7', `${this.name} is told of ${message.region} ${JSON.stringify(foreign)}`);
    }
  }

  shown(region: string, watch: RegionWatch): void {
    const now = watch.snapshot();
    const before = this.seen.get(region);
    if (before !== now) this.checkVersions(region, before, now);
    this.seen.set(region, now);
    if (watch.state.status === 'live') this.checkLive(region, now);
  }

  /** Whether the page differs from what was told last. */
  differs(region: string, shown: Shown): boolean {
    return !this.isShown(region, this.log.last(region), shown);
  }

  /** S6: within one life of the log no version steps back. */
  private checkVersions(region: string, before: Shown | undefined, now: Shown): void {
    if (this.log.lives(region) > 1) return;
    for (const [facility, { version }] of now) {
      const known = before?.get(facility)?.version ?? 0;
      if (version < known) {
        this.trace.violated('S6', `${this.name} is shown ${region}/${facility} ${version} after ${known}`);
      }
    }
  }

  /** S10: what is called live is what was told, and was the last of it a moment ago. */
  private checkLive(region: string, now: Shown): void {
    const recent = this.log.toldSince(region, this.time.now() - oldestLiveMs);
    if (recent.some((told) => this.isShown(region, told, now))) return;
    this.trace.violated('S10', `${this.name} calls ${region} live, which is not what was told lately`);
  }

  private isShown(region: string, { facilities }: ToldRegion, shown: Shown): boolean {
    const patterns = this.watch.get(region) ?? [];
    const right = [...facilities.values()].filter(({ id }) => matchesAny(patterns, id));
    return (
      right.length === shown.size &&
      right.every(({ id, status, version }) => {
        const facility = shown.get(id);
        return facility?.status === status && facility.version === version;
      })
    );
  }
}
