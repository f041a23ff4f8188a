import type * as client from '../../client/live/wire';
import type { Totals } from '../../core/facility';
import type * as server from '../../core/messages';

/** Compiles only where whatever the server sends is what the library reads, and the other way round for what it sends. */
function reads<Message>(): <Sent extends Message>(sent?: Sent) => void {
  return () => undefined;
}

test('what the server’s own functions make is what the library reads', () => {
  reads<client.ChangesMessage>()<ReturnType<typeof server.changesMessage>>();
  reads<client.ChangesMessage>()<ReturnType<typeof server.limitedChangesMessage>>();
  reads<client.PresenceMessage>()<ReturnType<typeof server.presenceMessage>>();
  reads<client.TickMessage>()<ReturnType<typeof server.tickMessage>>();
  reads<client.FeedMessage>()<ReturnType<typeof server.resyncMessage>>();
  reads<client.FeedMessage>()<ReturnType<typeof server.errorMessage>>();
  reads<client.FacilityState>()<ReturnType<typeof server.facilityMessage>>();
  reads<client.Present>()<ReturnType<typeof server.presentMessage>>();
  reads<client.Totals>()<Totals>();
  reads<server.ClientMessage>()<client.ClientMessage>();
});
