import { type Shard, type Standing, standingAfter } from '../../core/as-of';
import { TryAgainLater } from '../../core/errors';
import type { Timings } from '../../core/timings';
import type { MonitorPorts } from './ports';

type StandingPorts = Pick<MonitorPorts, 'canaries' | 'watermarks' | 'log'>;
type CanaryPorts = StandingPorts & Pick<MonitorPorts, 'clock' | 'meter'>;

/** Another monitor is at most one tick ahead or behind. */
const attempts = 3;

/**
 * Where this tick stands: as-of from the watermarks, and where beats may have been lost. Stored before anything is
 * decided by it, so that whoever comes next knows of the same gaps.
 */
export async function standAt(nowMs: number, ports: StandingPorts, timings: Timings): Promise<Standing> {
  const shards = await shardsOrNone(ports);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = await ports.watermarks.standing();
    const standing = standingAfter(before, shards, await ports.watermarks.read(), nowMs, timings);
    if (standing.asOfMs === before.asOfMs && standing.endpointMs === before.endpointMs) return before;
    if (await ports.watermarks.saveStanding(standing)) return standing;
  }
  throw new TryAgainLater('other monitors kept storing where they stand', { actual: attempts });
}

/** Without the list of shards as-of stands still; regions are looked at all the same, so that who comes is seen. */
async function shardsOrNone({ canaries, log }: StandingPorts): Promise<readonly Shard[]> {
  try {
    return await canaries.shards();
  } catch (error) {
    log.error('the shards could not be listed', error);
    return [];
  }
}

/**
 * Sends the canaries that the next tick's as-of rests on (TR2). Those that cannot be sent hold it back by themselves;
 * one that the endpoint turns away is noted, since it stands for beats of front ends (TR1).
 */
export async function sendCanaries(nowMs: number, ports: CanaryPorts): Promise<void> {
  const { canaries, log } = ports;
  const sent = await Promise.allSettled([canaries.putOnShards(), postCanary(nowMs, ports)]);
  for (const outcome of sent) {
    if (outcome.status === 'rejected') log.error('a canary was not sent', outcome.reason);
  }
}

/**
 * One that is not taken is noted at the last one that was processed: this clock may be off, and a refusal that seemed to be yet to
 * come would let as-of pass those of front ends (TR2).
 */
async function postCanary(nowMs: number, ports: CanaryPorts): Promise<void> {
  const { canaries, watermarks, clock, meter } = ports;
  const startedMs = clock.now();
  const outcome = await canaries.postThroughEndpoint(nowMs);
  meter.measure('canaryLatency', clock.now() - startedMs);
  if (outcome === 'busy') await watermarks.noteRefusal((await watermarks.read()).endpoint.canaryMs);
}
