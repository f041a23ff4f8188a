import type { Environment, PageEvent } from './environment';
import { steadyClock } from './steady-clock';
import { tabPorts } from './tab-ports';
import { ticksOf } from './ticker';

const answerTimeoutMs = 15_000;

/** The browser that this page is in, as far as heartbeats need it. */
export const heartbeatEnvironment = (startWorker: () => Worker): Omit<Environment, 'openSocket'> => ({
  now: steadyClock(
    () => performance.now(),
    () => Date.now(),
  ),
  random: Math.random,
  ticks: ticksOf(startWorker),
  isHidden: () => document.hidden,
  onPage,
  fetch: (url, request) => fetch(url, { ...request, signal: AbortSignal.timeout(answerTimeoutMs) }),
  tabs: tabPorts,
});

function onPage(tell: (event: PageEvent) => void): () => void {
  const controller = new AbortController();
  const listen = (target: EventTarget, name: string, heard: (event: Event) => void): void =>
    target.addEventListener(name, heard, controller);
  listen(window, 'online', () => tell('awake'));
  listen(document, 'visibilitychange', () => document.hidden || tell('awake'));
  listen(window, 'pagehide', () => tell('leaving'));
  listen(document, 'freeze', () => tell('frozen'));
  listen(document, 'resume', () => tell('restored'));
  listen(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && tell('restored'));
  return () => controller.abort();
}
