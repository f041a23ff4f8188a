import { Icon } from '../icons';
import { type SignedOutReason, session, signingIn } from './session';

/** Who sits here, and the way out. */
export function Account() {
  const now = session.value;
  if (now.state !== 'signed-in') return null;
  return (
    <div class="account">
      <bdi class="account-name">{now.who}</bdi>
      <button type="button" class="quiet-button" onClick={() => void signingIn.value?.signOut()}>
        <Icon name="leave" />
        <span class="corner-word">Sign out</span>
      </button>
    </div>
  );
}

const sentences: Readonly<Record<SignedOutReason, string>> = {
  left: 'You have signed out.',
  ended: 'Your sign-in has ended, and can only be renewed by you.',
  refused: 'The sign-in was refused.',
  unreachable: 'Your identity provider does not answer. Try again.',
  unknown: 'You are signed in, but this Rollcall does not accept you. Ask whoever runs it for access.',
};

/** In place of the views while nobody is signed in: nothing on the page would be proved. */
export function SignedOut() {
  const now = session.value;
  if (now.state !== 'signed-out') return null;
  return (
    <section class="signed-out" role="alert" aria-labelledby="signed-out-heading">
      <h1 id="signed-out-heading">Nobody is signed in</h1>
      <p>
        {sentences[now.reason]} {now.code !== undefined && <code>{now.code}</code>}
      </p>
      <button type="button" class="button main-button" onClick={() => void signingIn.value?.signIn()}>
        Sign in
      </button>
    </section>
  );
}
