import { MemorySessionStore } from '../../adapters/memory/session-store';
import type { Attributes } from '../../core/attributes';
import { renewSlackMs, reserveMs, writesPerLongReserve } from '../../core/lease';
import type { SaveOutcome } from '../../core/ports';
import type { Session } from '../../core/session';
import type { Timings } from '../../core/timings';
import type { Random } from '../../tools/accuracy/random';
import { renewalsPerPlainWrite } from '../cost/model';

const second = 1_000;

/**
 * Sessions of a system that has been running for long: whoever begins in the first minute of a run stands for one that was written
 * often before, so that it is anybody's guess how many beats its last write still covers, and whether the next one is a tenth one
 * (HB6). So it is here of the few, too, that begin meanwhile.
 */
export class LongStandingSessions extends MemorySessionStore {
  constructor(
    private readonly timings: Timings,
    private readonly random: Random,
  ) {
    super();
  }

  override async save(session: Session, attributes?: Attributes): Promise<SaveOutcome> {
    if (session.revision > 0 || session.leftAtMs !== undefined) return await super.save(session, attributes);
    const { earlierWrites, beatsAgo } = this.somewhere();
    const { nextSeconds } = session;
    const reserve =
      reserveMs(nextSeconds, earlierWrites, this.timings) - renewSlackMs(nextSeconds, this.timings);
    const leaseUntilMs = session.leaseUntilMs + reserve - beatsAgo * nextSeconds * second;
    let outcome = await super.save({ ...session, leaseUntilMs }, attributes);
    for (let write = 0; write < earlierWrites && 'saved' in outcome; write += 1)
      outcome = await super.save(outcome.saved);
    return outcome;
  }

  /** A beat of the many that ten writes cover, each as likely as any other. */
  private somewhere(): { readonly earlierWrites: number; readonly beatsAgo: number } {
    if (this.timings.renewBeats === 0) return { earlierWrites: 0, beatsAgo: 0 };
    const beatsPerWrite = renewalsPerPlainWrite(this.timings);
    const beat = Math.floor(this.random() * (writesPerLongReserve * beatsPerWrite + 1));
    const earlierWrites = Math.min(Math.floor(beat / beatsPerWrite), writesPerLongReserve - 1);
    return { earlierWrites, beatsAgo: beat - earlierWrites * beatsPerWrite };
  }
}
