import { Icon } from './icons';
import { viewedRegion } from './navigation';
import { unseen } from './news-state';
import { isOpen } from './notices/is-open';
import { Account } from './sign-in/account';
import { isManager } from './sign-in/session';
import { nextTheme, theme, themeWords } from './theme';
import { hashOf } from './view';

/** What concerns the page as a whole, in its upper corner. */
export function Corner() {
  return (
    <div class="corner">
      <NoticesButton />
      {isManager.value && (
        <a class="quiet-button" href={registryHash(viewedRegion.value)}>
          <Icon name="edit" />
          <span class="corner-word">Registry</span>
        </a>
      )}
      <a class="quiet-button" href="#/~tv" title="Wall">
        <Icon name="screen" />
        <span class="unseen">Wall</span>
      </a>
      <button type="button" class="quiet-button" onClick={nextTheme} title={themeWords[theme.value]}>
        <Icon name="contrast" />
        <span class="unseen">{themeWords[theme.value]}</span>
      </button>
      <Account />
    </div>
  );
}

function NoticesButton() {
  const count = unseen.value;
  const word = count === 0 ? 'Latest changes' : `Latest changes, ${count} new`;
  return (
    <button
      type="button"
      class="quiet-button"
      data-notices
      title={word}
      aria-expanded={isOpen.value}
      onClick={() => {
        isOpen.value = !isOpen.peek();
      }}
    >
      <Icon name="bell" />
      {count > 0 && (
        <span class="count" aria-hidden="true">
          {count}
        </span>
      )}
      <span class="unseen">{word}</span>
    </button>
  );
}

const registryHash = (region: string | undefined): string =>
  hashOf({ name: 'registry', region, facility: undefined });
