import { effect, signal } from '@preact/signals';
import { readOut } from '../../web/read-out';
import type { Truth } from '../../web/truth';

type Feed = Truth['feed'];

/** What a screen reader says while the feed goes through these states: the texts of a region that changed, but for empty ones. */
function heard(...feeds: readonly Feed[]): readonly string[] {
  const truth = signal<{ readonly feed: Feed }>({ feed: 'connecting' });
  const [polite, assertive] = [signal(''), signal('')];
  const said: string[] = [];
  readOut(truth, { polite, assertive });
  for (const voice of [polite, assertive]) {
    effect(() => {
      if (voice.value !== '') said.push(voice.value);
    });
  }
  for (const feed of feeds) truth.value = { feed };
  return said;
}

const lost = 'The link is lost. What you see is not live.';
const delayed = 'The feed is delayed. What you see is not live.';
const back = 'The page is live again.';

test('given the link is lost twice, then each loss is heard, and each return', () => {
  expect(heard('live', 'reconnecting', 'connecting', 'live', 'reconnecting', 'live')).toEqual([
    lost,
    back,
    lost,
    back,
  ]);
});

test('given the feed is delayed, also between two losses of the link, then that is heard each time', () => {
  expect(heard('live', 'delayed', 'live', 'delayed', 'live')).toEqual([delayed, back, delayed, back]);
  expect(heard('live', 'delayed', 'reconnecting', 'delayed', 'live')).toEqual([delayed, lost, delayed, back]);
});

test('given the page becomes live for the first time, or compares what it knows, then nothing is said', () => {
  expect(heard('connecting', 'live', 'connecting', 'live')).toEqual([]);
});
