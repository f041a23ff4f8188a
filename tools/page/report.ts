import { cpus, loadavg } from 'node:os';
import { tableOf } from '../accuracy/table';
import type { Size } from '../client/sizes';
import { changesInOne, type Figures, facilityCount } from './measure';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const most = (values: readonly number[]): number => Math.max(0, ...values);
const ms = (value: number): string => `${value.toFixed(0)} ms`;
const count = new Intl.NumberFormat('en');

/** What was measured, as a page for people. */
export function reportOf(figures: Figures, sizes: readonly Size[], browserVersion: string): string {
  const { firstContentMs, workedMs, drawnMs, messageKb, scrolledLines, scrollLongTasks, heapMb } = figures;
  const [size] = sizes.filter(({ what }) => what.startsWith("the operators' page"));
  const changes = count.format(changesInOne);
  const rows = [
    [
      'first load, everything that the overview needs (gzip)',
      `${count.format(size?.bytes ?? 0)} bytes`,
      '30,720 bytes',
    ],
    ['the snapshot has arrived, until facilities are on the screen', ms(firstContentMs), '1,000 ms'],
    [
      `${changes} changes in one message (${messageKb.toFixed(0)} KB), applied: median`,
      ms(median(workedMs)),
      '50 ms',
    ],
    [`the same, applied and on the screen: median`, ms(median(drawnMs)), '50 ms'],
    [`the same, the slowest of ${drawnMs.length}`, ms(most(drawnMs)), ''],
    [
      `scrolling through ${count.format(scrolledLines)} lines: tasks over 50 ms`,
      scrollLongTasks.length === 0
        ? 'none'
        : `${scrollLongTasks.length}, the longest ${ms(most(scrollLongTasks))}`,
      'none',
    ],
    [
      'memory before, and after each quarter of an hour with 20,000 changes',
      `${heapMb.map((mb) => mb.toFixed(1)).join(', ')} MB`,
      'flat',
    ],
  ];
  return `# The operators' page in figures

One region with ${count.format(facilityCount)} facilities, in Chromium ${browserVersion} without a graphics card, on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}).
Load average of the machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)}; above 2, other programs took part of the time.
Made by \`npm run bench:page\`, which serves the very page that is deployed in front of made-up facilities, and writes this file.

${tableOf(['', 'measured', 'wanted at most'], rows)}

An instant is measured inside the page: from the socket's message event, or the last byte of the snapshot, until after the frame
that shows it. The real server never sends so many changes in one message: an entry of its log holds 49. The hour's changes are
sent in entries of that length, as fast as the page takes them; memory is what is in use after the garbage was collected.
`;
}
