import { plainLook } from '../look';
import { go } from '../navigation';
import { shownRegion } from '../page-state';
import { spans } from '../view';
import { calls } from './alerts';
import { alerts } from './news';
import { noticeText } from './notice-words';
import type { Notice } from './notices';

let context: AudioContext | undefined;

/** Calls whoever asked to be called for any of these. */
export function call(notices: readonly Notice[]): void {
  const audible = notices.filter((notice) => calls(alerts.peek(), 'sound', notice));
  if (audible.length > 0) void playSound();
  for (const notice of notices) if (calls(alerts.peek(), 'desktop', notice)) showOnDesktop(notice);
}

/** Two short tones, made here: nothing is loaded. Browsers stay silent until somebody has clicked on the page. */
export async function playSound(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
  const { currentTime, destination } = context;
  for (const [delay, frequency] of [
    [0, 660],
    [0.18, 495],
  ] as const) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, currentTime + delay);
    volume.gain.exponentialRampToValueAtTime(0.18, currentTime + delay + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, currentTime + delay + 0.16);
    tone.connect(volume).connect(destination);
    tone.start(currentTime + delay);
    tone.stop(currentTime + delay + 0.17);
  }
}

/** @returns whether this browser shows notifications of the page from now on */
export async function askForDesktop(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** One for each region: what grows replaces what was shown of it. */
function showOnDesktop(notice: Notice): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const { region, facilities, status } = notice;
  const [only] = facilities.length === 1 ? facilities : [];
  const title = shownRegion(region)?.name ?? region;
  const shown = new Notification(title, {
    body: noticeText(notice),
    tag: only ? `${region} ${only}` : region,
  });
  shown.onclick = () => {
    window.focus();
    go(
      only === undefined
        ? { name: 'region', region, look: { ...plainLook, status } }
        : { name: 'facility', region, facility: only, span: spans[0] },
    );
    shown.close();
  };
}
