import { plainAttributes } from '../../../core/attributes';
import type { SessionStore } from '../../../core/ports';
import type { Session } from '../../../core/session';
import type { Timings } from '../../../core/timings';
import type { Meter } from '../meter';
import { type Charges, metered } from '../metered';
import { queryUnits, readUnits, transactWriteUnits, writeUnits } from '../units';
import { attributesBytes, bytesOfAll, sessionBytes, sessionIndexBytes } from './rows';

/** Sessions in DynamoDB, as adapters/aws/session-store.ts reads and writes them. */
export const meteredSessions = <P extends SessionStore>(store: P, meter: Meter, timings: Timings): P =>
  metered(store, sessionCharges(meter, timings)) as P;

function sessionCharges(meter: Meter, timings: Timings): Charges<SessionStore> {
  const bytesOf = (session: Session | undefined): number =>
    session === undefined ? 0 : sessionBytes(session, timings);
  const write = (what: string, amount: number) => meter.count('dynamoWriteUnits', what, amount);
  const read = (what: string, amount: number, calls = 1) =>
    meter.count('dynamoReadUnits', what, amount, calls);
  const eachRead = (what: string, found: readonly (Session | undefined)[]) =>
    read(
      what,
      sum(found, (session) => readUnits(bytesOf(session), true)),
      Math.ceil(found.length / 100),
    );
  return {
    load: ([keys], found = keys.map(() => undefined)) => eachRead('Sessions loaded', found),
    attributes: ([keys]) => read('Attributes', keys.length, Math.ceil(keys.length / 100)),
    ofUser: (_, found = []) => {
      read('Sessions of a user', queryUnits(sum(found, sessionIndexBytes), false));
      eachRead('Sessions of a user', found);
    },
    list: ([, { consistent }], found = []) =>
      read('Sessions listed', queryUnits(bytesOfAll(found, bytesOf), consistent)),
    save: ([session, attributes], outcome) => {
      const what = purposeOf(session);
      const bytes = bytesOf(session);
      if (attributes === undefined) {
        write(what, writeUnits(bytes));
      } else {
        const json = JSON.stringify(plainAttributes(attributes));
        write(what, transactWriteUnits(bytes));
        write('Attributes set', transactWriteUnits(attributesBytes(session, json)));
      }
      // The index by user holds nothing that a renewal changes.
      if (session.revision === 0 && outcome !== undefined && 'saved' in outcome)
        write('Index by user', writeUnits(sessionIndexBytes(session)));
    },
    remove: ([sessions]) => {
      for (const session of sessions) {
        write('Sessions removed', writeUnits(bytesOf(session)));
        write('Index by user', writeUnits(sessionIndexBytes(session)));
        if (session.attributes !== undefined) write('Sessions removed', 1);
      }
    },
  };
}

function purposeOf({ revision, leftAtMs, coversSinceMs, lastBeatAtMs, startedAtMs }: Session): string {
  if (leftAtMs !== undefined) return 'Sessions left';
  if (revision === 0) return 'Sessions joined';
  return coversSinceMs === lastBeatAtMs && coversSinceMs !== startedAtMs
    ? 'Sessions changed'
    : 'Sessions renewed';
}

const sum = <T>(items: readonly T[], amountOf: (item: T) => number): number =>
  items.reduce((total, item) => total + amountOf(item), 0);
