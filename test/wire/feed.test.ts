import { hashOf } from '../../core/attributes';
import { eventsOf } from '../../core/events';
import type { Reason, RegionState } from '../../core/facility';
import { defaultLimits } from '../../core/limits';
import { changesMessage, limitedChangesMessage, parseClientMessage } from '../../core/messages';
import type { Entry } from '../../core/region';
import { FieldRefused } from '../../core/shape';
import { defaultTimings } from '../../core/timings';
import { freshnessReader } from '../../lambdas/freshness';
import { createFeed } from '../../lambdas/live-feed/feed';
import {
  aFacility,
  anEntry,
  anOfflineFacility,
  aRecount,
  aSession,
  aTransition,
  at,
  grants,
} from '../support/builders';
import { aSessionMonitor } from '../support/session-monitor-scene';
import { asyncapi, faultsBySchema, isObject, messageFaults } from '../support/wire';

/** A monitor at ten with a feed on the same stores. */
function aPipeline() {
  const monitor = aSessionMonitor();
  const { watermarks, clock, ledger } = monitor;
  const handle = createFeed({
    ...monitor,
    regions: ledger,
    freshness: freshnessReader(watermarks, clock, defaultTimings),
    limits: defaultLimits,
    pageOrigins: [],
  });
  return {
    ...monitor,
    sends: (connectionId: string, message: unknown) =>
      handle({ requestContext: { connectionId, routeKey: '$default' }, body: JSON.stringify(message) }),
  };
}

const type = (message: object): string => String(Reflect.get(message, 'type'));
const faultsIn = (messages: readonly object[]) =>
  messages.flatMap((message) => messageFaults('liveFeed', type(message), message));
const types = (messages: readonly object[]) => new Set(messages.map(type));

const mood = (value: string) => {
  const set = new Map([['mood', value]]);
  return { set, attributes: { hash: hashOf(set), atMs: at('09:59') } };
};

describe('what the feed says is as it is described', () => {
  test('changes, presence and ticks, of a region and of a facility, whole and in part', async () => {
    const feed = aPipeline();
    const whole = await feed.socket('whole');
    const part = await feed.socket('part', { watch: grants({ north: ['lab/*'] }) });
    await feed.sends('whole', { action: 'subscribe', region: 'north', facility: 'clinic-7' });
    const { set, attributes } = mood('happy');
    await feed.sessions.save({ ...aSession({ revision: 0 }), attributes }, set);
    await feed.joins({ of: 'bob', session: 's2', covers: ['clinic-7', 'lab/1'], until: at('10:00:40') });
    await feed.joins({ of: 'cid', session: 's3', until: at('10:05') });
    await feed.tick();
    await feed.sessions.save(
      aSession({ of: 'cid', session: 's3', leftAt: at('10:01'), until: at('10:01:10') }),
    );
    const sad = mood('sad');
    await feed.sessions.save({ ...aSession({ until: at('10:20') }), attributes: sad.attributes }, sad.set);
    await feed.ledger.raiseMark('north');
    await feed.tickAt('10:02');
    feed.freezeAsOf();
    await feed.joins({ of: 'dan', session: 's4', since: at('10:02'), until: at('10:30') });
    feed.clock.advance(60_000);
    await feed.tick();
    for (const id of ['whole', 'part']) await feed.sends(id, { action: 'ping' });

    expect(types(whole)).toEqual(new Set(['changes', 'presence', 'tick']));
    expect(types(part)).toEqual(new Set(['changes', 'tick']));
    const events = whole.flatMap((message) => Reflect.get(message, 'event') ?? []);
    expect(new Set(events)).toEqual(new Set(['join', 'leave', 'timeout', 'updateAttributes']));
    expect(JSON.stringify(whole)).toContain('delayedSince');
    expect(faultsIn([...whole, ...part])).toEqual([]);
  });

  test('a subscribe that resumes, one that cannot, and what is refused', async () => {
    const feed = aPipeline();
    await feed.joins();
    await feed.tick();
    const inbox = await feed.socket('c1', { watch: grants({ north: ['*'] }), regions: [] });
    for (const message of [
      { action: 'subscribe', region: 'north', since: 0 },
      { action: 'subscribe', region: 'north', since: 9 },
      { action: 'subscribe', region: 'north', facility: 'clinic-7', since: 0 },
      { action: 'subscribe', region: 'north', facility: 'clinic-7', since: 9 },
      { action: 'subscribe', region: 'south' },
      { action: 'shout' },
    ]) {
      await feed.sends('c1', message);
    }
    feed.clock.advance(24 * 3_600_000);
    await feed.sends('c1', { action: 'ping' });

    expect(types(inbox)).toEqual(new Set(['changes', 'presence', 'tick', 'resync', 'error']));
    expect(inbox.flatMap((message) => Reflect.get(message, 'code') ?? [])).toEqual([
      'forbidden',
      'bad-request',
      'token-expired',
    ]);
    expect(faultsIn(inbox)).toEqual([]);
  });

  test.each(['too-old', 'too-long', 'epoch'])('a resync that is %s', (reason) => {
    expect(faultsIn([{ type: 'resync', region: 'north', reason }])).toEqual([]);
  });

  test('a connection with too many subscriptions', async () => {
    const feed = aPipeline();
    const regions = Array.from({ length: 200 }, (_, index) => `r-${index}`);
    const inbox = await feed.socket('c1', { regions });
    await feed.sends('c1', { action: 'subscribe', region: 'north' });
    await feed.sends('c1', { action: 'ping' });
    expect(inbox).toMatchObject([{ code: 'too-many' }, { type: 'tick' }]);
    expect(faultsIn(inbox)).toEqual([]);
  });
});

const reasons: readonly Reason[] = ['heartbeat', 'leave', 'timeout', 'removed'];
const states: readonly RegionState[] = ['up', 'partial', 'down', 'empty'];
const regionChange = { state: 'down', previousState: 'up', cameOnline: 0, wentOffline: 2 } as const;

const entries: readonly (readonly [string, Entry])[] = [
  ...reasons.map((reason) => [reason, anEntry([aTransition(anOfflineFacility('a', { reason }))])] as const),
  ...states.map((state) => [state, anEntry([], { regionChange: { ...regionChange, state } })] as const),
  ['flapping', anEntry([aTransition(aFacility('lab/1', { flapping: true }))], { regionChange })],
  ['despite gaps', anEntry([{ ...aTransition(anOfflineFacility('__proto__')), despiteGaps: true }])],
  ['delayed', anEntry([aRecount(aFacility('constructor'))], { delayed: true, region: '__proto__' })],
  ['of nothing', anEntry([])],
];

describe('what an entry becomes is as it is described', () => {
  test.each(entries)('%s', (_, entry) => {
    const facilities = entry.changes.map(({ facility }) => facility);
    expect(faultsIn([changesMessage(entry), limitedChangesMessage(entry, ['lab/*'], facilities)])).toEqual(
      [],
    );
    expect(eventsOf(entry).flatMap((event) => messageFaults('events', event.type, onTheBus(event)))).toEqual(
      [],
    );
  });

  test('each event that is described is published by one of them, and no other', () => {
    const published = entries.flatMap(([, entry]) => eventsOf(entry)).map((event) => event.type);
    expect(new Set(published)).toEqual(new Set(messagesOf('events')));
  });
});

describe('AC4 what a client may send', () => {
  const whole = { action: 'subscribe', region: 'north', facility: 'lab/1', since: 0, epoch: 'e1' };
  const values = ['a', '', 'a b', '../x', 'x'.repeat(65), 0, -1, 1.5, 2 ** 53, null, true, [], {}];
  const messages = ['subscribe', 'unsubscribe', 'ping'].flatMap((action) => [
    { action },
    { action, region: 'north' },
    { ...whole, action },
    ...Object.keys({ ...whole, mood: '' }).flatMap((name) => [
      ...values.map((value) => ({ ...whole, action, [name]: value })),
      ...values.map((value) => ({ action, region: 'north', [name]: value })),
    ]),
  ]);

  test('is taken if and only if it is as described', () => {
    for (const message of messages) {
      expect([message, isTaken(message)]).toEqual([message, isDescribed(message)]);
    }
  });

  const isDescribed = (message: object): boolean =>
    ['Subscribe', 'Unsubscribe', 'Ping'].some(
      (name) => faultsBySchema('asyncapi.yaml', name, message).length === 0,
    );
});

test('every message of the live feed belongs to an operation, and no other does', () => {
  const operations = Object.values(asyncapi.operations as Record<string, { messages: { $ref: string }[] }>);
  const used = operations.flatMap(({ messages }) => messages.map(({ $ref }) => $ref.split('/').at(-1)));
  expect(used.sort()).toEqual([...messagesOf('liveFeed'), ...messagesOf('events')].sort());
});

function messagesOf(channel: 'liveFeed' | 'events'): readonly string[] {
  const channels = asyncapi.channels as Record<string, { messages: object }>;
  const { messages } = channels[channel] ?? {};
  return isObject(messages) ? Object.keys(messages) : [];
}

/** An event in the envelope that EventBridge puts around it. */
const onTheBus = ({ type: name, detail }: ReturnType<typeof eventsOf>[number]): object => ({
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': name,
  source: 'rollcall',
  account: '000000000000',
  time: '2026-01-05T10:00:02Z',
  region: 'eu-central-1',
  resources: [],
  detail,
});

function isTaken(message: object): boolean {
  try {
    parseClientMessage(message);
    return true;
  } catch (error) {
    if (error instanceof FieldRefused) return false;
    throw error;
  }
}
