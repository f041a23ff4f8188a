import { commitItems } from '../../adapters/aws/commit-items';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { maxChangesPerEntry } from '../../core/entries';
import { newHead } from '../../core/region';
import { type Settlement, settle } from '../../core/settle';
import { defaultTimings } from '../../core/timings';
import { costFigures } from '../figures';
import { beginningMs, sessionOf, sessionsPerFacility } from '../front-ends';
import { costOf } from '../measure';
import type { Scenario } from '../scenario';

const facilities = 1_000;
const tables = { regions: 'r', facilities: 'f', changes: 'c', transitions: 't' };

export const commit: Scenario = {
  title: 'session-monitor, committing what changed',
  about: `${facilities.toLocaleString('en-US')} facilities that come online together, in entries of up to ${maxChangesPerEntry} changes; per change.`,
  async run() {
    const settlement = settled();
    let ledger = new MemoryRegionLedger();
    const inMemory = await costOf({
      items: facilities,
      prepare: () => {
        ledger = new MemoryRegionLedger();
      },
      work: async () => {
        for (const each of settlement.commits) await ledger.commit(each);
      },
    });
    const transactions = await costOf({
      items: facilities,
      work: () => settlement.commits.map((each) => each.entry && commitItems(tables, each, each.entry)),
    });
    return [
      ...costFigures('the settle that decides them', await costOf({ items: facilities, work: settled })),
      ...costFigures('their commits, in memory', inMemory),
      ...costFigures('the items of their transactions for DynamoDB', transactions),
    ];
  },
};

const sessions = Array.from({ length: facilities * sessionsPerFacility }, (_, index) => sessionOf(index));

const settled = (): Settlement =>
  settle(
    {
      sessions,
      facilities: [],
      head: newHead('north', 'e1'),
      mark: 1,
      asOfMs: beginningMs + 1_000,
      gaps: [],
      nowMs: beginningMs + 2_000,
    },
    defaultTimings,
  );
