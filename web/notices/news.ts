import { effect, signal } from '@preact/signals';
import type { Batch, FacilityState } from '../../client';
import { polite } from '../announcements';
import { flash } from '../flashes';
import { readKept, writeKept } from '../kept';
import { missed, notices, unseen } from '../news-state';
import { serverNowMs, shownRegion } from '../page-state';
import { patiently } from '../patiently';
import { session } from '../sign-in/session';
import { type Alert, alertsOf } from './alerts';
import { readOutText } from './notice-words';
import { type News, newsOf, tell } from './notices';

const keptAs = 'rollcall.alerts';
export const alerts = signal<readonly Alert[]>(alertsOf(readKept(keptAs)));
effect(() => writeKept(keptAs, JSON.stringify(alerts.value)));

let calling: Promise<typeof import('./calling')> | undefined;
/** Before anything happens: when something does, the link may be lost, too. */
effect(() => {
  if (alerts.value.length > 0) calling ??= patiently(() => import('./calling'));
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) missed.value = 0;
});

/** A region-wide event comes in several messages, so news is collected for so long. */
const collectMs = 1_500;
let waiting: News[] = [];
let isCollecting = false;

/** Takes in what has changed in a region. */
export function hear(region: string, batch: Batch<FacilityState>): void {
  const news = newsOf(region, batch, serverNowMs.peek());
  if (news.length === 0) return;
  for (const { facility } of news) flash(`${region} ${facility}`);
  waiting.push(...news);
  if (isCollecting) return;
  isCollecting = true;
  setTimeout(tellAll, collectMs);
}

function tellAll(): void {
  isCollecting = false;
  // Nobody is there any more whom it concerns.
  if (session.peek().state === 'signed-out') return;
  const told = tell(notices.peek(), waiting, serverNowMs.peek());
  waiting = [];
  notices.value = told.notices;
  polite.value = readOutText(told.fresh, (region) => shownRegion(region)?.name ?? region);
  const loud = told.fresh.filter(({ isQuiet }) => !isQuiet);
  unseen.value = Math.min(unseen.peek() + loud.length, told.notices.length);
  if (document.hidden) missed.value += loud.length;
  void calling?.then(({ call }) => call(loud));
}
