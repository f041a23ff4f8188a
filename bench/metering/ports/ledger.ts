import type { FacilityHistory, RegionLedger } from '../../../core/ports';
import { type Commit, type Entry, transitionsOf } from '../../../core/region';
import type { Meter } from '../meter';
import { type Charges, metered } from '../metered';
import { queryUnits, readUnits, transactWriteUnits, writeUnits } from '../units';
import { bytesOfAll, entryBytes, facilityBytes, headBytes, recordBytes, transitionBytes } from './rows';

/** Regions, facilities and the change log in DynamoDB, as adapters/aws/region-ledger.ts reads and writes them. */
export const meteredLedger = <P extends RegionLedger>(ledger: P, meter: Meter): P =>
  metered(ledger, ledgerCharges(meter) as Charges<P>);

/** What the heartbeat monitor needs of the ledger. */
export const meteredMarks = <P extends Pick<RegionLedger, 'raiseMark'>>(marks: P, meter: Meter): P =>
  metered(marks, { raiseMark: ledgerCharges(meter).raiseMark } as Charges<P>);

function ledgerCharges(meter: Meter): Charges<RegionLedger> {
  const write = (what: string, amount: number) => meter.count('dynamoWriteUnits', what, amount);
  const read = (what: string, amount: number) => meter.count('dynamoReadUnits', what, amount);
  return {
    overview: ([{ consistent }], records = []) =>
      read('Regions looked at', queryUnits(bytesOfAll(records, recordBytes), consistent)),
    read: (_, record) => read('Region read', queryUnits(record ? recordBytes(record) : 0, true)),
    ...facilityReads(read),
    raiseMark: () => write('Marks', 1),
    commit: ([commit]) => chargeCommit(commit, write),
    claim: () => write('Claims', 1),
    forget: ([region, remains]) => {
      for (const facility of remains)
        write('Facilities forgotten', writeUnits(facilityBytes(region, facility)));
    },
    advanceCursor: () => write('Cursors', 1),
  };
}

type Count = (what: string, amount: number) => void;

const facilityReads = (
  read: Count,
): Pick<Charges<RegionLedger>, 'facilities' | 'rows' | 'facility' | 'row' | 'entriesAfter'> => ({
  facilities: ([region], found = []) =>
    read(
      'Facilities read',
      queryUnits(
        bytesOfAll(found, (each) => facilityBytes(region, each)),
        true,
      ),
    ),
  rows: ([region], found = []) =>
    read(
      'Facilities read',
      queryUnits(
        bytesOfAll(found, (each) => facilityBytes(region, each)),
        true,
      ),
    ),
  facility: ([region], found) =>
    read('Facility read', readUnits(found ? facilityBytes(region, found) : 0, true)),
  row: ([region], found) => read('Facility read', readUnits(found ? facilityBytes(region, found) : 0, true)),
  entriesAfter: (_, found = []) => read('Change log read', queryUnits(bytesOfAll(found, entryBytes), true)),
});

function chargeCommit({ head, entry }: Commit, write: Count): void {
  if (entry === undefined) write('Regions settled', writeUnits(headBytes(head)));
  else chargeEntry(head, entry, write);
}

function chargeEntry(head: Commit['head'], entry: Entry, write: Count): void {
  write('Heads', transactWriteUnits(headBytes(head)));
  write('Change log', transactWriteUnits(entryBytes(entry)));
  for (const { facility } of entry.changes)
    write('Facilities', transactWriteUnits(facilityBytes(entry.region, facility)));
  for (const transition of transitionsOf(entry))
    write('Transitions', transactWriteUnits(transitionBytes(entry.region, transition)));
}

/** History, as adapters/aws/facility-history.ts reads it. */
export const meteredHistory = <P extends FacilityHistory>(history: P, meter: Meter): P =>
  metered(history, {
    transitions: ([region], found: Awaited<ReturnType<FacilityHistory['transitions']>> = []) =>
      meter.count(
        'dynamoReadUnits',
        'History read',
        queryUnits(
          bytesOfAll(found, (each) => transitionBytes(region, each)),
          false,
        ),
      ),
    lastBefore: () => meter.count('dynamoReadUnits', 'History read', 0.5),
  } as Charges<FacilityHistory> as Charges<P>);
