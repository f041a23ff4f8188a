import { readFileSync } from 'node:fs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { EventBridgeBus } from '../../adapters/aws/event-bus';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { type EventType, eventTypes, schemaFile, schemaJson } from '../../bin/event-schemas';
import type { StatusEvent } from '../../core/events';
import { startEventBridge } from '../../local/eventbridge';
import { localAws } from '../support/aws-client';
import { aSession, at } from '../support/builders';
import { aSessionMonitor } from '../support/session-monitor-scene';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
addFormats(ajv);

/** By the schema alone, as a consumer who was given nothing else has it. */
const validate = new Map(
  eventTypes.map((type) => [type, ajv.compile(JSON.parse(readFileSync(schemaFile(type), 'utf8')))]),
);

function faultsIn(event: { readonly 'detail-type': string }): readonly string[] {
  const check = validate.get(event['detail-type'] as EventType);
  if (check === undefined) return [`${event['detail-type']} has no schema`];
  return check(event)
    ? []
    : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Events as the bus hands them to whoever listens. */
async function onTheBus(events: readonly StatusEvent[]) {
  const bridge = await startEventBridge({ onEvents: () => undefined, clock: new VirtualClock() });
  const client = new EventBridgeClient(localAws(bridge.endpoint));
  try {
    await new EventBridgeBus(client, 'rollcall').publish(events);
    return bridge.recent().map(({ event }) => event);
  } finally {
    client.destroy();
    await bridge.close();
  }
}

/** A region that comes online, is left by one and silent for the other. */
async function aDay(): Promise<readonly StatusEvent[]> {
  const monitor = aSessionMonitor();
  await monitor.joins({ of: 'ann', session: 's1', covers: ['lab/1'], until: at('10:01') });
  await monitor.joins({ of: 'bob', session: 's2', covers: ['__proto__'], until: at('10:10') });
  await monitor.tick();
  await monitor.sessions.save(
    aSession({
      of: 'bob',
      session: 's2',
      covers: ['__proto__'],
      leftAt: at('10:00:30'),
      until: at('10:00:40'),
    }),
  );
  await monitor.ledger.raiseMark('north');
  await monitor.tickAt('10:02');
  return monitor.bus.events;
}

describe.each(eventTypes)('docs/events: the schema of %s', (type) => {
  test('is that of asyncapi.yaml: `npm run events` was run', () => {
    expect(readFileSync(schemaFile(type), 'utf8')).toBe(schemaJson(type));
  });

  test('takes every event that is published', async () => {
    const events = (await onTheBus(await aDay())).filter((event) => event['detail-type'] === type);
    expect(events.length).toBeGreaterThan(1);
    expect(events.flatMap(faultsIn)).toEqual([]);
  });

  test('takes fields that a later version adds, and refuses an event that lacks one', async () => {
    const [event] = (await onTheBus(await aDay())).filter((each) => each['detail-type'] === type);
    if (event === undefined) throw new Error('no event');
    const { detail } = event;
    expect(faultsIn({ ...event, detail: { ...detail, mood: 'happy' } } as typeof event)).toEqual([]);
    const { epoch: _, ...without } = detail;
    expect(faultsIn({ ...event, detail: without } as typeof event)).toEqual([
      "/detail must have required property 'epoch'",
    ]);
  });
});
