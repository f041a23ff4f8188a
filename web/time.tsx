import { serverNowMs } from './page-state';
import { briefText, clockText, fullText, isUtcZone, utcText } from './times';

/**
 * An instant in the viewer's zone, with UTC beside it; with the date where that is not today.
 * @param brief without seconds, which the title has all the same
 */
export function Moment({ atMs, brief = false }: { readonly atMs: number; readonly brief?: boolean }) {
  const nowMs = serverNowMs.peek();
  return (
    <time dateTime={new Date(atMs).toISOString()} title={fullText(atMs)}>
      {brief ? briefText(atMs, nowMs) : clockText(atMs, nowMs)}{' '}
      <span class="utc">{isUtcZone ? 'UTC' : utcText(atMs, brief)}</span>
    </time>
  );
}
