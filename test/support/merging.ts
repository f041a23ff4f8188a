import type { ArrivedBeat } from '../../core/beat';
import { mergeBeat, type Session } from '../../core/session';
import { defaultTimings } from '../../core/timings';

/** What is stored after these beats of one session, merged in this order. */
export function storedAfter(beats: readonly ArrivedBeat[], timings = defaultTimings): Session {
  const merged = beats.reduce<Session | undefined>(
    (stored, beat) => mergeBeat(stored, beat, timings).session,
    undefined,
  );
  if (merged === undefined) throw new Error('no beats were merged');
  return merged;
}
