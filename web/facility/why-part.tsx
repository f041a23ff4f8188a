import { isBelieved, serverNowMs } from '../page-state';
import { Moment } from '../time';
import { lengthText } from '../times';
import type { FacilityState } from '../wire';
import { counted } from '../words';
import type { SessionState, Why } from './wire';

/** Why a facility has its status: what decided it, and what each session has said. */
export function WhyPart({
  facility,
  why,
}: {
  readonly facility: FacilityState;
  readonly why: Why | undefined;
}) {
  return (
    <section class="part why data" aria-labelledby="why">
      <h2 id="why">Why</h2>
      <p>{explanation(facility)}</p>
      {why === undefined ? (
        <p class="quiet">Loading the sessions…</p>
      ) : (
        <>
          <Decision why={why} since={facility.since} />
          <Sessions why={why} />
        </>
      )}
    </section>
  );
}

function explanation({ status, reason, sessions }: FacilityState): string {
  if (status === 'online') {
    return `Online because ${counted(sessions, 'session')} ${sessions === 1 ? 'has' : 'have'} a lease that is not over.`;
  }
  switch (reason) {
    case 'timeout':
      return 'Offline because the last lease ended and no heartbeat had arrived to renew it.';
    case 'leave':
      return 'Offline because the last session said goodbye, and no other one took over within its grace.';
    case 'registered':
      return 'Offline because it was only registered: no heartbeat has been heard yet.';
    case 'heartbeat':
    case 'removed':
      return 'Offline: no session covers it.';
  }
}

function Decision({ why, since }: { readonly why: Why; readonly since: string }) {
  const laterMs = Date.parse(why.decidedAt) - Date.parse(since);
  return (
    <p class="quiet">
      Decided at <Moment atMs={Date.parse(why.decidedAt)} />
      {laterMs >= 1_000 && `, ${lengthText(laterMs)} after it became true`}, with everything read up to{' '}
      <Moment atMs={Date.parse(why.decidedAsOf)} />.
    </p>
  );
}

const stateWords: Readonly<Record<SessionState['state'], string>> = {
  live: 'Live',
  leaving: 'Leaving',
  waiting: 'Lease over, not told yet',
  left: 'Left',
  'timed-out': 'Went silent',
};

function Sessions({ why: { sessions, moreSessions = 0 } }: { readonly why: Why }) {
  if (sessions.length === 0) return <p class="quiet">No session is known of it any more.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="scrolling" tabIndex={0} aria-label="Sessions">
      <table>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">User</th>
            <th scope="col">Lease</th>
            <th scope="col">Last heartbeat kept</th>
            <th scope="col">Interval</th>
            <th scope="col">Began</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionRow key={`${session.user} ${session.sessionId}`} session={session} />
          ))}
        </tbody>
      </table>
      {moreSessions > 0 && <p class="quiet">And {counted(moreSessions, 'more session')}.</p>}
    </section>
  );
}

function SessionRow({ session }: { readonly session: SessionState }) {
  const { sessionId, user, state, lastBeatAt, next, leaseUntil, startedAt } = session;
  return (
    <tr data-session={state}>
      <th scope="row">
        <code>{sessionId}</code>
      </th>
      <td>
        <bdi>{user}</bdi>
      </td>
      <td>
        <strong>{stateWords[state]}</strong>, <Lease untilMs={Date.parse(leaseUntil)} />
      </td>
      <td>
        <Moment atMs={Date.parse(lastBeatAt)} />
      </td>
      <td>{next === 0 ? '–' : `${next} s`}</td>
      <td>
        <Moment atMs={Date.parse(startedAt)} brief />
      </td>
    </tr>
  );
}

/** Counts only while that is proved: what counts down looks live. */
function Lease({ untilMs }: { readonly untilMs: number }) {
  const leftMs = untilMs - serverNowMs.value;
  if (isBelieved.value && leftMs > 0) return <>{lengthText(leftMs)} left</>;
  return (
    <>
      {leftMs > 0 ? 'until' : 'over since'} <Moment atMs={untilMs} />
    </>
  );
}
