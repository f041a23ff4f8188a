import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { Log } from '../../core/ports';
import { optionsFrom } from '../../local/options';
import { startRuntime } from '../../local/runtime';
import { startBrowser } from '../chromium';
import { Scene } from './scene';
import { Sitting, shots } from './shots';

const silent: Log = { info: () => {}, error: (message, error) => console.error(message, error) };

/**
 * Starts Rollcall on this machine, sets the scene, and takes a picture of each view and each state of the page.
 * @param say hears of each picture as soon as it is there
 */
export async function takePictures(
  directory: string,
  seed: number,
  say: (path: string) => void,
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const options = optionsFrom(['--port', '0', '--fleet', '0', '--tick', '1', '--seed', String(seed)]);
  const browser = await startBrowser();
  const runtime = await startRuntime(options, silent, new AbortController().signal);
  let isOver = false;
  const stop = async (): Promise<void> => {
    if (!isOver) await runtime.close();
    isOver = true;
  };
  try {
    const scene = await Scene.set(runtime.url, seed);
    await takeAll({ directory, scene, browser, url: runtime.url, say, stop });
  } finally {
    await Promise.allSettled([browser.close(), stop()]);
  }
}

interface Session {
  readonly directory: string;
  readonly scene: Scene;
  readonly browser: Browser;
  readonly url: string;
  readonly say: (path: string) => void;
  /** Ends the runtime while pages are open. */
  readonly stop: () => Promise<void>;
}

async function takeAll({ directory, scene, browser, url, say, stop }: Session): Promise<void> {
  const sit = (feed: string): Promise<readonly Sitting[]> =>
    Promise.all(
      shots.filter((shot) => shot.feed === feed).map((shot) => Sitting.of(shot, scene, browser, url)),
    );
  for (const shot of shots.filter(({ feed }) => feed === 'live')) {
    say(await (await Sitting.of(shot, scene, browser, url)).take(directory));
  }
  // What waits for trouble is opened while all is well.
  const waiting = await sit('reconnecting');
  for (const sitting of await sit('delayed')) {
    await scene.delay();
    say(await sitting.take(directory));
    await scene.mend();
  }
  await stop();
  for (const sitting of waiting) say(await sitting.take(directory));
}
