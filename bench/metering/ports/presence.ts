import type { PresenceLedger } from '../../../core/ports';
import type { PresenceCommit } from '../../../core/presence';
import type { Meter } from '../meter';
import { type Charges, metered } from '../metered';
import { queryUnits, readUnits, transactWriteUnits } from '../units';
import { bytesOfAll, presenceEventBytes, presentBytes } from './rows';

/** Who is present, as adapters/aws/presence-ledger.ts reads and writes it. */
export const meteredPresence = <P extends PresenceLedger>(ledger: P, meter: Meter): P =>
  metered(ledger, presenceCharges(meter) as Charges<P>);

function presenceCharges(meter: Meter): Charges<PresenceLedger> {
  const read = (amount: number) => meter.count('dynamoReadUnits', 'Presence read', amount);
  return {
    present: ([region, facility], found = []) =>
      read(
        queryUnits(
          bytesOfAll(found, (each) => presentBytes(region, facility, each)),
          true,
        ),
      ),
    presentUser: ([region, facility], found) =>
      read(readUnits(found ? presentBytes(region, facility, found) : 0, true)),
    presenceEvents: ([region, facility], found = []) =>
      read(
        queryUnits(
          bytesOfAll(found, (each) => presenceEventBytes(region, facility, each)),
          true,
        ),
      ),
    commitPresence: ([region, commits]) => {
      for (const commit of commits)
        meter.count('dynamoWriteUnits', 'Presence', presenceUnits(region, commit));
    },
  };
}

/** A facility's row, which presence is noted in, and a row of someone who is gone are within 1 KB. */
const presenceUnits = (region: string, { facility, events, joined, gone }: PresenceCommit): number =>
  transactWriteUnits(0) * (1 + gone.length) +
  events.reduce((sum, event) => sum + transactWriteUnits(presenceEventBytes(region, facility, event)), 0) +
  joined.reduce((sum, present) => sum + transactWriteUnits(presentBytes(region, facility, present)), 0);
