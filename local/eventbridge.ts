import { randomUUID } from 'node:crypto';
import type { EventBridgeEvent } from 'aws-lambda';
import type { Clock } from '../core/ports';
import { AwsFault, startAwsJson } from './aws-json';
import type { LocalServer } from './loopback';

/** An event as rules and targets get it, and the bus that it was put on. */
export interface BusEvent {
  readonly bus: string;
  readonly event: EventBridgeEvent<string, Readonly<Record<string, unknown>>>;
}

/** Why one entry of a call is not taken. */
export interface EntryFault {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export interface EventBridgeOptions {
  /** Gets the events that were taken by one call, in order; that call is answered when it is done. */
  readonly onEvents: (events: readonly BusEvent[]) => void | Promise<void>;
  readonly clock: Clock;
  /** Most recent events to keep for a look; 100 by default. */
  readonly keep?: number;
  /** A fault to inject into an otherwise valid entry, or `undefined` to take it. */
  readonly faultOf?: (event: BusEvent) => EntryFault | undefined;
}

/** An EventBridge that takes events. */
export interface EventBridge extends LocalServer {
  /** The most recent events, oldest first. */
  recent(): readonly BusEvent[];
}

/** Limits of PutEvents (EventBridge quotas; EventBridge guide, "Calculating PutEvents event entry size"). */
const mostEntries = 10;
const mostBytes = 1_024 * 1_024;
const bytesOfTime = 14;

/** Starts a server for EventBridge's `PutEvents`. */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridge> {
  const kept: BusEvent[] = [];
  const server = await startAwsJson({
    'AWSEvents.PutEvents': async (input) => {
      const results = entriesOf(input).map((entry) => putEntry(entry, options));
      const taken = results.flatMap((result) => ('event' in result ? [result] : []));
      kept.push(...taken);
      kept.splice(0, kept.length - (options.keep ?? 100));
      await options.onEvents(taken);
      return answerOf(results);
    },
  });
  return { ...server, recent: () => [...kept] };
}

type Fields = Readonly<Record<string, unknown>>;
type Result = BusEvent | EntryFault;

function entriesOf(input: unknown): readonly Fields[] {
  const entries = isFields(input) ? input.Entries : undefined;
  if (!Array.isArray(entries) || !entries.every(isFields)) {
    throw new AwsFault('SerializationException', 'Entries must be a list of objects.');
  }
  if (entries.length < 1 || entries.length > mostEntries) {
    const side = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${mostEntries}`;
    throw new AwsFault(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${side}`,
    );
  }
  if (entries.reduce((bytes, entry) => bytes + bytesOf(entry), 0) > mostBytes) {
    throw new AwsFault('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries;
}

function bytesOf(entry: Fields): number {
  const resources = Array.isArray(entry.Resources) ? entry.Resources : [];
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...resources];
  const time = entry.Time === undefined ? 0 : bytesOfTime;
  return texts.reduce<number>((bytes, text) => bytes + Buffer.byteLength(String(text ?? '')), time);
}

function putEntry(entry: Fields, { clock, faultOf }: EventBridgeOptions): Result {
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => !isFilledText(entry[name]));
  if (missing !== undefined) return requiredArgument(missing);
  const detail = detailOf(String(entry.Detail));
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const event = busEvent(entry, detail, clock.now());
  return faultOf?.(event) ?? event;
}

const requiredArgument = (name: string): EntryFault => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** Detail is a JSON object, as text. */
function detailOf(text: string): Fields | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return isFields(detail) ? detail : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const busEvent = (entry: Fields, detail: Fields, nowMs: number): BusEvent => ({
  bus: isFilledText(entry.EventBusName) ? entry.EventBusName : 'default',
  event: {
    version: '0',
    id: randomUUID(),
    'detail-type': String(entry.DetailType),
    source: String(entry.Source),
    account: '000000000000',
    time: instantOf(entry.Time, nowMs),
    region: 'us-east-1',
    resources: Array.isArray(entry.Resources) ? entry.Resources.map(String) : [],
    detail,
  },
});

/** In whole seconds, as events have it; AWS JSON has instants as seconds since the epoch. */
function instantOf(seconds: unknown, nowMs: number): string {
  const atMs = typeof seconds === 'number' ? seconds * 1_000 : nowMs;
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

const answerOf = (results: readonly Result[]): object => ({
  FailedEntryCount: results.filter((result) => !('event' in result)).length,
  Entries: results.map((result) => ('event' in result ? { EventId: result.event.id } : result)),
});

const isFilledText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
