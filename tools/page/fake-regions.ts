import type { FakeServer } from '../../client/testing';
import type { FacilityWords } from '../../client/testing/region';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A region as it is made up: how many facilities, and what share of them is offline. */
export interface RegionPlan {
  readonly region: string;
  readonly facilities: number;
  readonly offlineShare: number;
}

/** Several kinds, so that there is something to group. */
const kinds = ['clinic', 'clinic', 'clinic', 'pharmacy', 'lab', 'ward'] as const;

const facilityId = (index: number): string => {
  const kind = kinds[index % kinds.length] ?? kinds[0];
  return kind === 'lab' ? `lab/${index}` : `${kind}-${index}`;
};

/**
 * Fills a server with made-up facilities.
 * @param random from 0 to 1, the same for the same seed
 */
export function fillRegions(
  server: FakeServer,
  plans: readonly RegionPlan[],
  nowMs: number,
  random: () => number,
): void {
  for (const { region, facilities, offlineShare } of plans) {
    for (let index = 1; index <= facilities; index += 1) {
      server.region(region).set(facilityId(index), wordsOf(offlineShare, nowMs, random));
    }
  }
}

function wordsOf(offlineShare: number, nowMs: number, random: () => number): FacilityWords {
  const since = new Date(nowMs - random() ** 3 * 48 * hourMs).toISOString();
  const flapping = random() < 0.01 ? { flapping: true } : {};
  const windows = random() < 0.02 ? { maintenanceWindows: [aroundNow(nowMs)] } : {};
  if (random() >= offlineShare) {
    const sessions = 1 + Math.floor(random() * 3);
    return { status: 'online', since, sessions, users: Math.max(1, sessions - 1), ...flapping, ...windows };
  }
  const reason = random() < 0.7 ? 'timeout' : 'leave';
  return { status: 'offline', since, reason, sessions: 0, users: 0, ...flapping, ...windows };
}

const aroundNow = (nowMs: number) => ({
  from: new Date(nowMs - 20 * minuteMs).toISOString(),
  to: new Date(nowMs + hourMs).toISOString(),
});
