import { planFleet } from '../../local/fleet/plan';
import type { ChangesMessage, Snapshot } from '../../web/wire';
import { seconds } from './builders';
import { changeLog, historyRow, reachedBy, type Transition } from './change-log';
import { LiveFeed } from './live-feed';
import { LocalServices } from './local-services';
import { Rollcall } from './rollcall';
import { type Receipt, WatchedRegion } from './watched-region';

const fleet = 150;
/** As many changes of the fleet as show that it is in the midst of coming online. */
const busyFrom = 60;

/** The region of the test's own front ends; the fleet has the others. */
export const ownRegion = 'my-town';
const regions = [ownRegion, ...new Set(planFleet(fleet, 1).map(({ region }) => region))];

type ByRegion<T> = ReadonlyMap<string, readonly T[]>;

/** What a Rollcall that was killed in the middle of a busy fleet told before, and what its successor says. */
export interface Crash {
  /** Pushed to the operator before it was killed. */
  readonly told: ByRegion<ChangesMessage>;
  /** The answer to a beat that was accepted just before. */
  readonly late: Receipt;
  /** The successor on the same directory, and an operator who went on from what they had been told. */
  readonly successor: Rollcall;
  readonly resumed: LiveFeed;
  readonly token: string;
}

/**
 * Kills a Rollcall with all that belongs to it while the fleet and the test's own front ends join: `steady` stays,
 * `silent` has beaten once, `leaver` has said goodbye, and `late` has just been accepted. Starts another one.
 */
export async function killedInTheMiddle(data: string): Promise<Crash> {
  const first = await Rollcall.start({ data, fleet });
  const own = await WatchedRegion.of(first, ownRegion);
  const token = await first.token({ watch: { '*': ['*'] } }, 'operator');
  const feed = await LiveFeed.open(first, token);
  for (const region of regions) await feed.subscribe(region, { since: 0 });
  await own.beat({ sessionId: 's1', facilities: ['steady'], next: 300 });
  await own.beat({ sessionId: 's2', facilities: ['silent'], next: 5 });
  await own.beat({ sessionId: 's3', facilities: ['leaver'], next: 30 });
  await feed.change('leaver', { status: 'online' }, seconds(10));
  await own.beat({ sessionId: 's3', facilities: ['leaver'], next: 0 });
  await feed.first('a busy fleet', seconds(20), () => feed.changes.length >= busyFrom || undefined);
  const { body: late } = await own.beat({ sessionId: 's4', facilities: ['late'], next: 300 });
  await first.killEverything();
  const told = byRegion(feed);
  await first.close();

  const successor = await Rollcall.start({ data, fleet, port: first.port });
  const resumed = await LiveFeed.open(successor, token);
  for (const [region, entries] of told) {
    const last = entries.at(-1);
    await resumed.subscribe(region, last ? { since: last.toSeq, epoch: last.epoch } : { since: 0 });
  }
  return { told, late, successor, resumed, token };
}

/** What this feed was told, by region, in the order in which it was. */
export const byRegion = ({ entries }: LiveFeed): ByRegion<ChangesMessage> =>
  new Map(
    regions.map((name) => [
      name,
      entries.flatMap(({ message }) => (message.region === name ? [message] : [])),
    ]),
  );

/** One region as its log, its history and its snapshot tell it. */
export interface Account {
  readonly region: string;
  readonly log: readonly ChangesMessage[];
  /** The rows of the Transitions table that the log reaches, in its order. */
  readonly history: readonly Transition[];
  readonly snapshot: Snapshot;
}

/** What is stored of every region now; the snapshots are the oldest part of it, the history is the newest. */
export async function accounts({ successor, token }: Crash): Promise<readonly Account[]> {
  const services = await LocalServices.of(successor);
  try {
    const told = [];
    for (const region of regions) {
      const { body: snapshot } = await successor.get<Snapshot>(`/v1/regions/${region}`, token);
      told.push({ region, snapshot, log: await changeLog(successor, token, region) });
    }
    const rows = (await services.items('Transitions')).map(historyRow);
    return told.map((account) => ({ ...account, history: reachedBy(account.log, rows, account.region) }));
  } finally {
    services.close();
  }
}
