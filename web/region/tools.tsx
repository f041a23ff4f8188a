import { Icon } from '../icons';
import { viewedRegion } from '../navigation';
import { isBelieved, serverNowMs, truth } from '../page-state';
import { csvOf } from './csv';
import { download } from './download';
import { rows } from './list-state';

/** What can be done with the list as it is shown. */
export function Tools() {
  return (
    <div class="tools">
      <button type="button" class="quiet-button" onClick={exportCsv}>
        <Icon name="download" /> <span class="segment-word">Export CSV</span>
      </button>
      <button type="button" class="quiet-button" onClick={() => print()}>
        <Icon name="print" /> <span class="segment-word">Print</span>
      </button>
    </div>
  );
}

/** What is listed, as it is sorted; the file says of which instant it is, also in its name. */
function exportCsv(): void {
  const nowMs = serverNowMs.peek();
  const asOf = new Date(truth.peek().asOfMs ?? 0).toISOString();
  const text = csvOf(rows.peek(), { asOf, isLive: isBelieved.peek(), nowMs });
  const stamp = asOf.slice(0, 19).replaceAll(':', '-');
  download(`rollcall-${viewedRegion.peek() ?? 'all'}-${stamp}Z.csv`, text);
}
