import '../first-load';
import { computed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { doubtWords, feedWords } from '../banner';
import { StateMark } from '../icons';
import { go } from '../navigation';
import { worstFirst } from '../overview/worst-first';
import { isBelieved, serverNowMs, shown, steppedNowMs, truth } from '../page-state';
import { Moment } from '../time';
import { clockText, isUtcZone, lengthText, utcText } from '../times';
import type { ViewOf } from '../view';
import { counted, numberText, stateWords } from '../words';
import { Controls } from './controls';
import { RegionSlide } from './region-slide';
import { attend, isAttended, toggleFull } from './screen';
import { chosenOf, slidesOf } from './slides';
import { type Turn, useTurn } from './turn';

const perPage = 12;
const regions = computed(() => worstFirst(shown.value.regions?.values() ?? []));

/** For a screen on the wall: one thing at a time, large, and nothing to click. */
export default function TvView({ view }: { readonly view: ViewOf<'tv'> }) {
  const slides = slidesOf(chosenOf(regions.value, view.regions), perPage, steppedNowMs.value);
  const turn = useTurn(slides.length, view.turnSeconds);
  useEffect(attend, []);
  useKeys(turn);
  const slide = slides[turn.index];
  return (
    <section class="tv" aria-label="Wall" data-believed={isBelieved.value} data-feed={truth.value.feed}>
      <Liveness />
      <div class="tv-slide data">
        {slide === undefined && <p class="tv-empty">{emptyWords()}</p>}
        {slide?.kind === 'all' && <AllSlide regions={slide.regions} />}
        {slide?.kind === 'region' && <RegionSlide slide={slide} nowMs={steppedNowMs.value} />}
      </div>
      <div class="tv-foot">
        <ol class="tv-dots" aria-label={`${turn.index + 1} of ${slides.length}`}>
          {slides.map((one, index) => (
            <li
              key={one.kind === 'all' ? '' : `${one.region.region} ${one.page}`}
              data-on={index === turn.index}
            />
          ))}
        </ol>
        <Controls view={view} turn={turn} isShown={isAttended.value} />
      </div>
    </section>
  );
}

const emptyWords = (): string =>
  shown.value.regions === undefined ? 'Connecting…' : 'There is no such region, or you may not watch it.';

/** Across the whole width, with words that can be read from the other end of the room. */
function Liveness() {
  const now = truth.value;
  const nowMs = serverNowMs.value;
  const clock = Math.floor(nowMs / 1_000) * 1_000;
  return (
    <header class="tv-liveness">
      <p class="tv-feed">
        <span class="tv-feed-word">{now.feed === 'live' ? feedWords(now) : 'Not live'}</span>
        {now.feed !== 'live' && <span class="tv-doubt">{doubtWords(now)}</span>}
        {now.asOfMs !== undefined && (
          <span class="tv-as-of">
            {now.feed === 'live' ? 'as of ' : 'True at '}
            <Moment atMs={now.asOfMs} />
            {now.feed !== 'live' && `, ${lengthText(nowMs - now.asOfMs)} ago`}
          </span>
        )}
      </p>
      <p class="tv-clock">
        {clockText(clock, clock)} <span class="utc">{isUtcZone ? 'UTC' : utcText(clock)}</span>
      </p>
    </header>
  );
}

function AllSlide({ regions: all }: { readonly regions: ReturnType<typeof worstFirst> }) {
  const offline = all.reduce((sum, { totals }) => sum + totals.offline, 0);
  const online = all.reduce((sum, { totals }) => sum + totals.online, 0);
  return (
    <>
      <h1 class="tv-title">
        {offline === 0 ? 'Everything is online' : `${counted(offline, 'facility')} offline`}
        <span class="tv-beside">{numberText(online)} online</span>
      </h1>
      <ul class="tv-regions" data-room={all.length > 9 ? 'little' : 'much'}>
        {all.map(({ region, name, totals }) => (
          <li key={region} class="tv-region" data-state={totals.state}>
            <span class="tv-region-name">
              <StateMark state={totals.state} /> <bdi>{name}</bdi>
            </span>
            <span class="tv-region-count">
              {numberText(totals.online)}
              <span class="tv-of"> of {numberText(totals.facilities)}</span>
            </span>
            <span class="tv-region-state">{stateWords[totals.state]}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Arrows go on and back, space stops, F fills the screen, Escape leaves. */
function useKeys({ step, pause }: Turn): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isInControl =
        event.target instanceof Element && event.target.closest('button, select, summary, input, a');
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'ArrowRight' && !isInControl) step(1);
      else if (event.key === 'ArrowLeft' && !isInControl) step(-1);
      else if (event.key === ' ' && !isInControl) pause();
      else if (event.key.toLowerCase() === 'f' && !isInControl) void toggleFull();
      else if (event.key === 'Escape') go({ name: 'overview', state: undefined });
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}
