import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { chunksOf, mapBounded } from '../../core/concurrency';
import { TryAgainLater } from '../../core/errors';
import { eventSource, type StatusEvent } from '../../core/events';
import type { EventBus } from '../../core/ports';

/** PutEvents takes 10 entries at most. */
const entriesPerCall = 10;
/** Consumers go by version, not by order, which EventBridge does not keep anyway. */
const callsAtOnce = 8;
const attempts = 3;

/** Status events on an EventBridge bus, source `rollcall`. */
export class EventBridgeBus implements EventBus {
  constructor(
    private readonly client: EventBridgeClient,
    private readonly bus: string,
  ) {}

  async publish(events: readonly StatusEvent[]): Promise<void> {
    const entries = events.map(({ type, detail }) => ({
      EventBusName: this.bus,
      Source: eventSource,
      DetailType: type,
      Detail: JSON.stringify(detail),
    }));
    await mapBounded(chunksOf(entries, entriesPerCall), callsAtOnce, (call) => this.putAll(call));
  }

  /** An answer of 200 may hold entries that failed; only these are put again. */
  private async putAll(entries: readonly PutEventsRequestEntry[]): Promise<void> {
    let waiting = entries;
    for (let attempt = 0; attempt < attempts && waiting.length > 0; attempt += 1) {
      const { Entries: results = [] } = await this.client.send(
        new PutEventsCommand({ Entries: [...waiting] }),
      );
      waiting = waiting.filter((_, index) => results[index]?.EventId === undefined);
    }
    if (waiting.length > 0) {
      throw new TryAgainLater('EventBridge did not take every event', {
        actual: waiting.length,
        expected: 0,
      });
    }
  }
}
