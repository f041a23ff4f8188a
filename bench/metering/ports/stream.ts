import { type AcceptedBeat, formatRecord } from '../../../core/beat';
import { formatCanary } from '../../../core/canary';
import type { BeatStream, Canaries } from '../../../core/ports';
import type { Meter } from '../meter';
import { type Charges, metered } from '../metered';
import { onDemandBytes, putUnits } from '../units';

/** A hash in base64url. */
const partitionKeyBytes = 43;

/** A record on the stream, its key included. */
export const beatRecordBytes = (beat: AcceptedBeat): number =>
  Buffer.byteLength(formatRecord(beat)) + partitionKeyBytes;

/** Counts a record both as a provisioned and as an on-demand stream bills it; the prices say which of them counts. */
export function chargeRecord(meter: Meter, what: string, bytes: number): void {
  meter.count('kinesisPutUnits', what, putUnits(bytes));
  meter.count('kinesisOnDemandBytes', what, onDemandBytes(bytes));
  meter.count('kinesisOnDemandReadBytes', what, bytes);
}

/** Beats on Kinesis, as adapters/aws/beat-stream.ts puts them; a record that the stream turned away costs nothing. */
export const meteredStream = <P extends BeatStream>(stream: P, meter: Meter): P =>
  metered(stream, {
    put: ([beats], outcomes = []) => {
      for (const [index, beat] of beats.entries())
        if (outcomes[index] === 'taken') chargeRecord(meter, 'Beats', beatRecordBytes(beat));
    },
    putCanary: (_, outcome) => {
      if (outcome === 'taken') chargeRecord(meter, 'Canaries', formatCanary('endpoint').length);
    },
  } as Charges<BeatStream> as Charges<P>);

/** Canaries, as adapters/aws/canaries.ts sends them; the way through the endpoint is billed there. */
export function meteredCanaries<P extends Canaries>(canaries: P, meter: Meter): P {
  let open = 1;
  return metered(canaries, {
    shards: (_, found = []) => {
      open = found.filter((shard) => shard.open).length;
    },
    putOnShards: () => {
      for (let shard = 0; shard < open; shard += 1)
        chargeRecord(meter, 'Canaries', formatCanary('shard').length);
    },
    postThroughEndpoint: () => {},
  } as Charges<Canaries> as Charges<P>);
}
