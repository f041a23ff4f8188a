import type { DeadLetters, EventBus, FeedGateway } from '../../../core/ports';
import type { Meter } from '../meter';
import { type Charges, metered } from '../metered';
import { busEvents, socketMessages } from '../units';

/** Messages to sockets; one that did not arrive costs nothing, closing a socket neither. */
export const meteredFeed = <P extends FeedGateway>(feed: P, meter: Meter): P =>
  metered(feed, {
    post: ([, message], outcome) => {
      if (outcome !== 'delivered') return;
      const bytes = Buffer.byteLength(JSON.stringify(message));
      meter.count('webSocketMessages', 'Pushes', socketMessages(bytes));
      meter.count('egressBytes', 'Pushes', bytes);
    },
    disconnect: () => {},
  } as Charges<FeedGateway> as Charges<P>);

/** Events on EventBridge; source and type count, too. */
export const meteredBus = <P extends EventBus>(bus: P, meter: Meter): P =>
  metered(bus, {
    publish: ([events]) => {
      for (const { type, detail } of events)
        meter.count('busEvents', 'Status events', busEvents(JSON.stringify(detail).length + type.length + 8));
    },
  } as Charges<EventBus> as Charges<P>);

export const meteredDeadLetters = <P extends DeadLetters>(letters: P, meter: Meter): P =>
  metered(letters, {
    store: () => meter.count('s3Puts', 'Dead letters', 1),
  } as Charges<DeadLetters> as Charges<P>);
