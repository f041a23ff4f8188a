import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EventBridgeBus } from '../../adapters/aws/event-bus';
import { MemoryEventBus } from '../../adapters/memory/event-bus';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { TryAgainLater } from '../../core/errors';
import { eventsOf, type StatusEvent } from '../../core/events';
import type { EventBus } from '../../core/ports';
import { startEventBridge } from '../../local/eventbridge';
import { localAws } from '../support/aws-client';
import { aFacility, anEntry, aTransition } from '../support/builders';
import { type Bench, onEach } from './each';

interface BusBench extends Bench<EventBus> {
  taken(): readonly StatusEvent[];
  fail(): void;
}

function inMemory(): BusBench {
  const port = new MemoryEventBus();
  return {
    port,
    taken: () => port.events,
    fail: () => {
      port.down = true;
    },
    close: () => undefined,
  };
}

const fault = { ErrorCode: 'InternalFailure', ErrorMessage: 'Try again.' };

async function onEventBridge() {
  /** How often each event, by its facility, is turned away before it is taken. */
  const refusals = new Map<unknown, number>();
  let down = false;
  const bridge = await startEventBridge({
    onEvents: () => undefined,
    clock: new VirtualClock(),
    faultOf: ({ event }) => {
      const left = refusals.get(event.detail.facility) ?? 0;
      refusals.set(event.detail.facility, left - 1);
      return down || left > 0 ? fault : undefined;
    },
  });
  const client = new EventBridgeClient(localAws(bridge.endpoint));
  return {
    port: new EventBridgeBus(client, 'rollcall-bus'),
    bridge,
    refusals,
    taken: () =>
      bridge
        .recent()
        .map(({ event }) => ({ type: event['detail-type'], detail: event.detail }) as StatusEvent),
    fail: () => {
      down = true;
    },
    close: async () => {
      client.destroy();
      await bridge.close();
    },
  };
}

const events = (...facilities: readonly string[]): readonly StatusEvent[] =>
  eventsOf(
    anEntry(
      facilities.map((id) => aTransition(aFacility(id))),
      {
        regionChange: { state: 'up', previousState: 'empty', cameOnline: facilities.length, wentOffline: 0 },
      },
    ),
  );

onEach<BusBench>('EventBus', { 'in memory': inMemory, 'on EventBridge': onEventBridge }, (get) => {
  test('CD2 events arrive with their type and detail', async () => {
    const sent = events('clinic-7', '__proto__');
    await get().port.publish(sent);
    expect(get().taken()).toEqual(sent);
    expect(sent.map(({ type }) => type)).toContain('RegionStatusChanged');
  });

  test('CD2 more events than one call holds all arrive', async () => {
    const sent = events(...Array.from({ length: 24 }, (_, index) => `f-${index}`));
    await get().port.publish(sent);
    expect(get().taken()).toEqual(sent);
  });

  test('CD2 nothing is published for nothing', async () => {
    await get().port.publish([]);
    expect(get().taken()).toEqual([]);
  });

  test('CD2 a bus that does not take every event is to be tried again later', async () => {
    get().fail();
    await expect(get().port.publish(events('clinic-7'))).rejects.toThrow(TryAgainLater);
    expect(get().taken()).toEqual([]);
  });
});

describe('EventBus: on EventBridge alone', () => {
  let bus: Awaited<ReturnType<typeof onEventBridge>>;
  beforeEach(async () => {
    bus = await onEventBridge();
  });
  afterEach(() => bus.close());

  test('the source is rollcall, on the bus that was named', async () => {
    await bus.port.publish(events('clinic-7'));
    expect(bus.bridge.recent()).toMatchObject([
      { bus: 'rollcall-bus', event: { source: 'rollcall' } },
      { bus: 'rollcall-bus', event: { source: 'rollcall' } },
    ]);
  });

  test('given one event of a call is turned away twice, when it is put again, then each arrives once', async () => {
    bus.refusals.set('b', 2);
    const sent = events('a', 'b', 'c');
    await bus.port.publish(sent);
    const facilities = bus.taken().map(({ detail }) => ('facility' in detail ? detail.facility : 'region'));
    expect(facilities).toEqual(['a', 'c', 'region', 'b']);
  });

  test('given one event is never taken, when the tries are over, then the others have arrived', async () => {
    bus.refusals.set('b', 9);
    await expect(bus.port.publish(events('a', 'b'))).rejects.toThrow(TryAgainLater);
    expect(bus.taken()).toHaveLength(2);
  });
});
