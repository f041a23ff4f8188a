import { assertive, polite } from './announcements';

/** What changed, for those who do not see it. Both are there from the start: readers overlook what comes with its words. */
export function Announcer() {
  return (
    <div class="unseen">
      <p aria-live="polite">{polite}</p>
      <p role="alert">{assertive}</p>
    </div>
  );
}
