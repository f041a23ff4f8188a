import { effect, signal } from '@preact/signals';

/** How long the controls stay after the last sign of somebody being there. */
const awakeMs = 4_000;

export const isFull = signal(false);
/** Somebody moves the pointer or presses a key. */
export const isAttended = signal(false);

/** Fills the screen, or gives it back. A browser may refuse; then the wall is as large as its window. */
export async function toggleFull(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch (error) {
    console.warn('Rollcall: the browser does not give the whole screen:', error);
  }
}

/** Keeps the screen on and notices who is there, until the wall is left. @returns how to stop */
export function attend(): () => void {
  const stop = new AbortController();
  const { signal: until } = stop;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const notice = (): void => {
    isAttended.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      isAttended.value = false;
    }, awakeMs);
  };
  const noticeFull = (): void => {
    isFull.value = document.fullscreenElement !== null;
  };
  for (const event of ['pointermove', 'pointerdown', 'keydown']) {
    document.addEventListener(event, notice, { signal: until, passive: true });
  }
  document.addEventListener('fullscreenchange', noticeFull, { signal: until });
  document.addEventListener('visibilitychange', () => void stayAwake(until), { signal: until });
  const ends = effect(() => {
    document.documentElement.toggleAttribute('data-unattended', !isAttended.value);
  });
  void stayAwake(until);
  notice();
  return () => {
    stop.abort();
    clearTimeout(timer);
    ends();
    document.documentElement.removeAttribute('data-unattended');
  };
}

/** Asks again each time the page is visible: browsers take the lock away when it is not. */
async function stayAwake(until: AbortSignal): Promise<void> {
  if (document.visibilityState !== 'visible' || until.aborted || !('wakeLock' in navigator)) return;
  try {
    const lock = await navigator.wakeLock.request('screen');
    until.addEventListener('abort', () => void lock.release());
  } catch (error) {
    // Low on battery, or forbidden by policy: the screen goes off when the system wants it.
    console.info('Rollcall: the screen may go off:', error);
  }
}
