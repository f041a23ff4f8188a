import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import {
  type BusEvent,
  type EventBridge,
  type EventBridgeOptions,
  startEventBridge,
} from '../../local/eventbridge';
import { SteppedClock } from '../support/stepped-clock';

const open: { close(): Promise<void> | void }[] = [];

afterEach(async () => {
  for (const { close } of open.splice(0)) await close();
});

/** An EventBridge, the SDK's client for it, and the events that it passed on. */
async function given(settings: Partial<EventBridgeOptions> = {}) {
  const received: BusEvent[] = [];
  const bridge: EventBridge = await startEventBridge({
    onEvents: (events) => void received.push(...events),
    clock: new SteppedClock(),
    ...settings,
  });
  const client = new EventBridgeClient({
    endpoint: bridge.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  open.push({ close: () => client.destroy() }, bridge);
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  return { bridge, received, put };
}

const entry = (detail: object = { id: 1 }): PutEventsRequestEntry => ({
  EventBusName: 'events',
  Source: 'rollcall',
  DetailType: 'FacilityStatusChanged',
  Detail: JSON.stringify(detail),
});

test('given entries, when they are put, then each gets an id and is passed on as rules would get it', async () => {
  const { received, put } = await given();

  const answer = await put(entry({ facility: 'clinic-7' }), { ...entry(), Time: new Date(1_500) });

  expect(answer.FailedEntryCount).toBe(0);
  expect(received.map(({ event }) => event.id)).toEqual(answer.Entries?.map(({ EventId }) => EventId));
  expect(received[0]).toEqual({
    bus: 'events',
    event: {
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'FacilityStatusChanged',
      source: 'rollcall',
      account: '000000000000',
      time: '2026-11-24T10:00:00Z',
      region: 'us-east-1',
      resources: [],
      detail: { facility: 'clinic-7' },
    },
  });
  expect(received[1]?.event.time).toBe('1970-01-01T00:00:01Z');
});

test.each([
  ['no source', { Source: undefined }, 'InvalidArgument'],
  ['no type', { DetailType: '' }, 'InvalidArgument'],
  ['no detail', { Detail: undefined }, 'InvalidArgument'],
  ['a detail that is no JSON', { Detail: 'on fire' }, 'MalformedDetail'],
  ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
])('given an entry with %s, then it alone fails', async (_, fault, ErrorCode) => {
  const { received, put } = await given();

  const answer = await put({ ...entry(), ...fault } as PutEventsRequestEntry, entry());

  expect(answer.FailedEntryCount).toBe(1);
  expect(answer.Entries).toEqual([
    { ErrorCode, ErrorMessage: expect.any(String) },
    { EventId: expect.any(String) },
  ]);
  expect(received).toHaveLength(1);
});

test('given a fault for some entries, when they are put, then they fail as told and the others are taken', async () => {
  const busy = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
  const { received, put } = await given({
    faultOf: ({ event }) => (event.detail.id === 1 ? busy : undefined),
  });

  const answer = await put(entry({ id: 1 }), entry({ id: 2 }));

  expect(answer.Entries?.[0]).toEqual(busy);
  expect(received.map(({ event }) => event.detail)).toEqual([{ id: 2 }]);
});

test.each([
  ['eleven entries', Array.from({ length: 11 }, () => entry())],
  ['no entry', []],
  ['more than 1 MB', [entry({ text: 'x'.repeat(600_000) }), entry({ text: 'x'.repeat(600_000) })]],
])('given %s, when they are put, then the call is refused and nothing is taken', async (_, entries) => {
  const { received, put } = await given();

  await expect(put(...entries)).rejects.toMatchObject({ name: 'ValidationException' });
  expect(received).toEqual([]);
});

test('given more events than are kept, then the most recent ones can be looked at', async () => {
  const { bridge, put } = await given({ keep: 2 });

  await put(entry({ id: 1 }), entry({ id: 2 }));
  await put(entry({ id: 3 }));

  expect(bridge.recent().map(({ event }) => event.detail.id)).toEqual([2, 3]);
});

test('given a receiver that fails, when events are put, then the call fails, so that they are put again', async () => {
  const { put } = await given({ onEvents: () => Promise.reject(new Error('down')) });

  await expect(put(entry())).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
});

test.each([
  ['another operation', 'AWSEvents.PutRule', '{}', 'UnknownOperationException'],
  ['a body that is no JSON', 'AWSEvents.PutEvents', '{', 'SerializationException'],
  ['entries that are no list', 'AWSEvents.PutEvents', '{"Entries":1}', 'SerializationException'],
])('given a request with %s, then it is refused', async (_, target, body, type) => {
  const { bridge } = await given();

  const response = await fetch(bridge.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': target, connection: 'close' },
    body,
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: type });
});

test('given a client that keeps its connection open, when the server is closed, then it closes at once', async () => {
  const { bridge, put } = await given();
  await put(entry());

  await bridge.close();

  await expect(fetch(bridge.endpoint)).rejects.toThrow('fetch failed');
});
