import type { Fence, Watermarks } from '../../../core/ports';
import type { Meter } from '../meter';
import { type Charges, metered } from '../metered';
import { queryUnits } from '../units';
import { standingBytes, watermarkBytes } from './rows';

/** Watermarks in DynamoDB, as adapters/aws/watermarks.ts keeps them. */
export const meteredWatermarks = <P extends Watermarks>(watermarks: P, meter: Meter): P =>
  metered(watermarks, watermarkCharges(meter) as Charges<P>);

function watermarkCharges(meter: Meter): Charges<Watermarks> {
  const write = (amount: number) => meter.count('dynamoWriteUnits', 'Watermarks', amount);
  const read = (amount: number) => meter.count('dynamoReadUnits', 'Watermarks', amount);
  return {
    read: (_, record) => {
      const shards = [...(record?.shards ?? [])].map(([shardId, atMs]) => watermarkBytes(shardId, atMs));
      read(
        queryUnits(
          shards.reduce((sum, bytes) => sum + bytes, standingBytes),
          true,
        ),
      );
    },
    advanceShard: () => write(1),
    advanceEndpoint: () => write(1),
    // Going on with a series of refusals is one write; the first of a series is one more, in vain.
    noteRefusal: () => write(1),
    standing: () => read(1),
    saveStanding: () => write(1),
    noteTold: () => write(1),
    told: () => read(1),
  };
}

/** Who of the session monitors is current. */
export const meteredFence = <P extends Fence>(fence: P, meter: Meter): P =>
  metered(fence, {
    take: () => meter.count('dynamoWriteUnits', 'Fence', 1),
    isCurrent: () => meter.count('dynamoReadUnits', 'Fence', 1),
  } as Charges<Fence> as Charges<P>);
