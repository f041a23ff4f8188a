import { useState } from 'preact/hooks';
import { StateMark } from '../icons';
import { Moment } from '../time';
import { lengthText } from '../times';
import { counted, reasonText, statusWords } from '../words';
import type { Transition } from './wire';

const shownAtFirst = 20;

/** Each change of the status, the latest first. */
export function Transitions({ transitions }: { readonly transitions: readonly Transition[] }) {
  const [isWhole, setIsWhole] = useState(false);
  if (transitions.length === 0) return <p class="quiet">Nothing has changed in this time.</p>;
  const latestFirst = transitions.toReversed();
  const listed = isWhole ? latestFirst : latestFirst.slice(0, shownAtFirst);
  const hidden = transitions.length - listed.length;
  return (
    <>
      <table class="transitions">
        <caption class="unseen">Changes of the status, the latest first</caption>
        <thead>
          <tr>
            <th scope="col">Changed to</th>
            <th scope="col">At</th>
            <th scope="col">After</th>
            <th scope="col">Told</th>
          </tr>
        </thead>
        <tbody>
          {listed.map((transition) => (
            <TransitionRow key={transition.version} transition={transition} />
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <button type="button" class="button" onClick={() => setIsWhole(true)}>
          Show {counted(hidden, 'more change')}
        </button>
      )}
    </>
  );
}

function TransitionRow({ transition }: { readonly transition: Transition }) {
  const { status, reason, at, decidedAt, lastedMs } = transition;
  const why = reason === 'removed' ? 'removed' : reasonText(status, reason);
  const laterMs = Date.parse(decidedAt) - Date.parse(at);
  return (
    <tr data-status={status}>
      <th scope="row">
        <span class="state-cell">
          <StateMark state={status} /> {statusWords[status]}{' '}
          {why !== '' && <span class="quiet">· {why}</span>}
        </span>
      </th>
      <td>
        <Moment atMs={Date.parse(at)} />
      </td>
      <td>{lastedMs === undefined ? '–' : lengthText(lastedMs)}</td>
      <td>{laterMs < 1_000 ? 'at once' : `${lengthText(laterMs)} later`}</td>
    </tr>
  );
}
