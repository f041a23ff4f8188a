import { steppedNowMs } from '../page-state';
import { Moment } from '../time';
import { agoText } from '../times';
import { counted } from '../words';
import type { PresenceAttributes, Present } from './wire';

const shownAtMost = 100;

interface UsersPartProps {
  readonly present: readonly Present[] | undefined;
  /** Whether the list may be out of date while all else is live. */
  readonly isDoubted: boolean;
  /** How many there are, of whom not all may be listed. */
  readonly count: number;
}

/** Who is present, live, and what their front ends say of them. */
export function UsersPart({ present, isDoubted, count }: UsersPartProps) {
  return (
    <section class="part users data" aria-labelledby="users" data-doubted={isDoubted}>
      <h2 id="users">Present</h2>
      {present !== undefined && isDoubted && (
        <p class="hint doubt-hint">This list may be out of date. It is checked.</p>
      )}
      {present === undefined ? (
        <p class="quiet">{count === 0 ? 'Nobody.' : 'Loading…'}</p>
      ) : present.length === 0 ? (
        <p class="quiet">Nobody.</p>
      ) : (
        <ul>
          {present.slice(0, shownAtMost).map((user) => (
            <User key={user.user} present={user} />
          ))}
        </ul>
      )}
      {present !== undefined && present.length > shownAtMost && (
        <p class="quiet">And {counted(present.length - shownAtMost, 'more user')}.</p>
      )}
    </section>
  );
}

function User({ present: { user, since, attributes } }: { readonly present: Present }) {
  const sinceMs = Date.parse(since);
  return (
    <li class="user">
      <strong>
        <bdi>{user}</bdi>
      </strong>{' '}
      <span class="quiet">
        {agoText(sinceMs, steppedNowMs.value)}, since <Moment atMs={sinceMs} brief />
      </span>
      <Attributes attributes={attributes} />
    </li>
  );
}

function Attributes({ attributes }: { readonly attributes: PresenceAttributes }) {
  const all = Object.entries(attributes);
  if (all.length === 0) return null;
  return (
    <dl class="attributes">
      {all.map(([name, value]) => (
        <div key={name}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <bdi>{String(value)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
