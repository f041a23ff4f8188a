import { asOfFields, changesMessage, limitedChangesMessage } from '../../core/messages';
import { RequestRefused } from '../../core/problem';
import { allowsAll, type Grants, patternsIn } from '../../core/rights';
import type { ApiPorts } from './ports';

/** About 24 KB each at most. */
const entriesPerPage = 100;

/** Where a client wants to go on from. */
export interface Since {
  readonly seq: number;
  readonly epoch?: string;
}

/**
 * The change log after a `seq` (CD3).
 * @throws RequestRefused `gone` when the log cannot lead from there to now; a snapshot does.
 */
export async function changesSince(
  region: string,
  watch: Grants,
  since: Since,
  { regions, freshness }: Pick<ApiPorts, 'regions' | 'freshness'>,
): Promise<object> {
  const fresh = await freshness();
  const { head } = await regions.read(region);
  const seq = head?.seq ?? 0;
  if (since.seq > seq || (since.epoch !== undefined && since.epoch !== head?.epoch)) throw gone();
  const entries = seq === since.seq ? [] : await regions.entriesAfter(region, since.seq, entriesPerPage);
  if (seq > since.seq && entries[0]?.seq !== since.seq + 1) throw gone();
  const toSeq = entries.at(-1)?.seq ?? since.seq;
  const whole = allowsAll(watch, region);
  const facilities = whole ? [] : await regions.facilities(region);
  const patterns = patternsIn(watch, region);
  return {
    region,
    epoch: head?.epoch ?? null,
    since: since.seq,
    toSeq,
    seq: Math.max(seq, toSeq),
    ...asOfFields(fresh),
    entries: entries.map((entry) =>
      whole ? changesMessage(entry) : limitedChangesMessage(entry, patterns, facilities),
    ),
    ...(toSeq < seq && { next: toSeq }),
  };
}

const gone = (): RequestRefused =>
  new RequestRefused('gone', 'The log does not lead from there to now; take a snapshot.', 'since');
