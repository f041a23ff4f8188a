import { Announcer } from './announcer';
import { Banner, Doubt } from './banner';
import { Corner } from './corner';
import { Lazy, LazyView } from './lazy-view';
import { view } from './navigation';
import { isOpen } from './notices/is-open';
import { Overview } from './overview/overview';
import { isBelieved } from './page-state';
import { Path } from './path';
import { SignedOut } from './sign-in/account';
import { session } from './sign-in/session';
import { noticesChunk } from './views';

/** What is around every view. While the view cannot be believed as it stands, the data itself says so, not only the banner. */
export function Shell() {
  const isSignedOut = session.value.state === 'signed-out';
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      <header class="top">
        <Path />
        {!isSignedOut && <Banner />}
        <Corner />
        {!isSignedOut && <Doubt />}
      </header>
      {isOpen.value && !isSignedOut && <Lazy chunk={noticesChunk} view={view.value} />}
      <main id="content" class="content" tabIndex={-1} data-believed={isBelieved.value}>
        <Viewed />
      </main>
      <Announcer />
    </>
  );
}

function Viewed() {
  const now = view.value;
  if (session.value.state === 'signed-out') return <SignedOut />;
  return now.name === 'overview' ? <Overview view={now} /> : <LazyView view={now} />;
}

/** No link: the address says what is looked at. */
const skip = (): void => document.getElementById('content')?.focus();
