import type { Session } from '../../core/session';
import type { Timings } from '../../core/timings';
import { between, type Random } from '../../tools/accuracy/random';
import { facilitiesOf, type Load } from '../cost/load';
import { issuer, regionName } from './front-ends';
import type { ScaleStage } from './stage';

const second = 1_000;

/**
 * Puts the rows into the store of sessions that ended within the time that rows are kept: a system that has been running for
 * long has them, reads them and removes them. Nothing of it is metered.
 */
export async function seedEnded(stage: ScaleStage, load: Load, t: Timings, random: Random): Promise<void> {
  const keptMs = t.ttlBehindLeaseSeconds * second;
  const count = Math.round((load.sessions / (load.sessionHours * 3_600 * second)) * keptMs);
  for (let index = 0; index < count; index += 1) {
    const facility = Math.floor(random() * facilitiesOf(load));
    const leftAtMs = stage.clock.now() - between(random, 60 * second, keptMs);
    await stage.rawSessions.save(endedSession(index, facility, load, leftAtMs, t));
  }
}

function endedSession(index: number, facility: number, load: Load, leftAtMs: number, t: Timings): Session {
  const number = String(index).padStart(8, '0');
  const startedAtMs = leftAtMs - Math.round(load.sessionHours * 3_600 * second);
  return {
    issuer,
    subject: `${number}-0000-4b1c-9d2e-8f7a6b5c4d3e`,
    region: regionName(facility % load.regions),
    sessionId: `17675${number}-0.0${number}`,
    covers: [`facility-${facility}`],
    coversSinceMs: startedAtMs,
    ceased: [],
    startedAtMs,
    lastBeatAtMs: leftAtMs,
    nextSeconds: t.beatSeconds,
    leaseUntilMs: leftAtMs + t.leaveGraceSeconds * second,
    leftAtMs,
    seq: 960,
    revision: 0,
  };
}
