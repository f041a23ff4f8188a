import { counted, reasonText } from '../words';
import type { Notice } from './notices';

/** A notice as a sentence without its region: `clinic-7 went offline (left)`, `120 facilities came online`. */
export function noticeText({ status, reason, facilities, name }: Notice): string {
  const who = facilities.length === 1 ? name : counted(facilities.length, 'facility');
  switch (status) {
    case undefined:
      return facilities.length === 1 ? `${who} was removed` : `${who} were removed`;
    case 'online':
      return `${who} came online`;
    case 'offline': {
      const why = facilities.length === 1 ? reasonText(status, reason) : '';
      return `${who} went offline${why && ` (${why})`}`;
    }
  }
}

const mostReadOut = 3;

/** What is read out: each notice with its region if there are few, else how many facilities they are about. */
export function readOutText(fresh: readonly Notice[], nameOf: (region: string) => string): string {
  const count = fresh.reduce((sum, { facilities }) => sum + facilities.length, 0);
  if (fresh.length > mostReadOut) return `${counted(count, 'facility')} changed.`;
  return fresh.map((notice) => `${noticeText(notice)} in ${nameOf(notice.region)}.`).join(' ');
}
