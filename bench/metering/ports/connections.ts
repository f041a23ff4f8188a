import type { ConnectionStore } from '../../../core/connection';
import type { Meter } from '../meter';
import { type Charges, metered } from '../metered';
import { queryUnits, readUnits, transactWriteUnits, writeUnits } from '../units';
import { bytesOfAll, holderBytes, subscriptionBytes } from './rows';

/** Bytes of a connection's keys, its place and a few subscriptions, beside who holds it. */
const keysBytes = 200;

/** Tickets, sockets and subscriptions, as adapters/aws/connection-store.ts keeps them. */
export const meteredConnections = <P extends ConnectionStore>(store: P, meter: Meter): P =>
  metered(store, connectionCharges(meter) as Charges<P>);

function connectionCharges(meter: Meter): Charges<ConnectionStore> {
  const write = (what: string, amount: number) => meter.count('dynamoWriteUnits', what, amount);
  const read = (what: string, amount: number) => meter.count('dynamoReadUnits', what, amount);
  /** How many rows a close deletes: the port does not say. */
  const subscriptions = new Map<string, number>();
  const noted = (connectionId: string, more: number) =>
    subscriptions.set(connectionId, Math.max(0, (subscriptions.get(connectionId) ?? 0) + more));
  return {
    saveTicket: ([, holder]) => write('Tickets', writeUnits(holderBytes(holder) + keysBytes)),
    redeemTicket: () => write('Tickets', 1),
    open: ([connection]) => {
      read('Connections', 1);
      // Its place, and the connection itself.
      write(
        'Connections',
        transactWriteUnits(keysBytes) + transactWriteUnits(holderBytes(connection) + keysBytes),
      );
    },
    find: (_, found) => read('Connections', readUnits(found ? holderBytes(found) + keysBytes : 0, true)),
    subscribe: ([connection]) => {
      noted(connection.connectionId, 1);
      write('Subscriptions', 1 + writeUnits(holderBytes(connection) + keysBytes));
    },
    unsubscribe: ([connectionId]) => {
      noted(connectionId, -1);
      write('Subscriptions', 2);
    },
    subscribers: ([region], found = []) =>
      read(
        'Subscribers',
        queryUnits(
          bytesOfAll(found, (each) => subscriptionBytes(`region ${region}`, each)),
          true,
        ),
      ),
    presenceSubscribers: ([region], found = []) =>
      read(
        'Subscribers',
        queryUnits(
          bytesOfAll(found, (each) => subscriptionBytes(`presence ${region}`, each)),
          true,
        ),
      ),
    close: ([connectionId, subscribedTo = []]) => {
      const rows = Math.max(subscriptions.get(connectionId) ?? 0, subscribedTo.length);
      subscriptions.delete(connectionId);
      write('Connections', 2 + rows);
    },
  };
}
