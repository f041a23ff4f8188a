import '../first-load';
import { useEffect, useRef } from 'preact/hooks';
import { Icon, StateMark } from '../icons';
import { plainLook } from '../look';
import { notices, unseen } from '../news-state';
import { shownRegion } from '../page-state';
import { Moment } from '../time';
import { hashOf, spans } from '../view';
import { markWords } from '../words';
import { AlertChoice } from './alert-choice';
import { isOpen } from './is-open';
import { noticeText } from './notice-words';
import type { Notice } from './notices';

/** What changed lately, and what the operator wants to be called for. */
export default function NoticesPanel() {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    ref.current?.focus();
  }, []);
  useEffect(() => {
    unseen.value = 0;
  }, [notices.value]);
  return (
    <section ref={ref} class="notices" tabIndex={-1} aria-labelledby="notices" onKeyDown={closeOnEscape}>
      <div class="notices-head">
        <h2 id="notices">Latest changes</h2>
        <button type="button" class="quiet-button" onClick={close}>
          <Icon name="close" />
          <span class="unseen">Close the latest changes</span>
        </button>
      </div>
      {notices.value.length === 0 ? (
        <p class="notices-none">Nothing has changed since this page was opened.</p>
      ) : (
        <ol class="notice-list">
          {notices.value.map((notice) => (
            <NoticeItem key={notice.id} notice={notice} />
          ))}
        </ol>
      )}
      <AlertChoice />
    </section>
  );
}

function NoticeItem({ notice }: { readonly notice: Notice }) {
  const { region, status, atMs, isQuiet } = notice;
  return (
    <li class="notice" data-quiet={isQuiet}>
      <StateMark state={status ?? 'empty'} />
      <span class="notice-words">
        <a href={placeOf(notice)}>
          <bdi>{noticeText(notice)}</bdi>
        </a>
        <span class="notice-where">
          <bdi>{shownRegion(region)?.name ?? region}</bdi> · <Moment atMs={atMs} />
          {isQuiet && ` · ${markWords.maintenance}`}
        </span>
      </span>
    </li>
  );
}

function placeOf({ region, facilities, status }: Notice): string {
  const [only] = facilities.length === 1 ? facilities : [];
  return only === undefined || status === undefined
    ? hashOf({ name: 'region', region, look: { ...plainLook, status } })
    : hashOf({ name: 'facility', region, facility: only, span: spans[0] });
}

function close(): void {
  isOpen.value = false;
  document.querySelector<HTMLElement>('[data-notices]')?.focus();
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key === 'Escape') close();
}
