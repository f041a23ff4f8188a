import type { Meter, Unit } from './meter';
import { busEvents, onDemandBytes, putUnits, socketMessages } from './units';

/** A call to AWS as its protocol has it, whoever made it. */
export interface WireCall {
  readonly service: Service;
  /** `PutItem`, `PutRecords`, … */
  readonly operation: string;
  readonly input: unknown;
  /** Absent where the call was refused. */
  readonly output?: unknown;
}

export const services = [
  'dynamodb',
  'kinesis',
  'eventbridge',
  's3',
  'connections',
  'secretsmanager',
] as const;
export type Service = (typeof services)[number];

/** Counts what a call is billed. */
export function chargeCall(meter: Meter, call: WireCall): void {
  charges[call.service](meter, call);
}

const charges: Readonly<Record<Service, (meter: Meter, call: WireCall) => void>> = {
  dynamodb: chargeDynamo,
  kinesis: chargeKinesis,
  eventbridge: chargeEvents,
  s3: (meter, { operation }) => meter.count(operation === 'GetObject' ? 's3Gets' : 's3Puts', operation, 1),
  connections: chargeMessage,
  secretsmanager: (meter, { operation }) => meter.count('secretCalls', operation, 1),
};

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const listIn = (value: unknown, name: string): readonly Fields[] => {
  const list = fieldsOf(value)[name];
  return Array.isArray(list) ? list.map(fieldsOf) : [];
};

/** What DynamoDB is asked to say of each call: the units that it consumed, which are those of the bill. */
export const consumedCapacity = { ReturnConsumedCapacity: 'TOTAL' } as const;

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan']);
/** Operations that consume something; those on tables do not. */
const billed = new Set([
  ...reads,
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'TransactWriteItems',
  'BatchWriteItem',
  'BatchExecuteStatement',
]);
export const consumes = (operation: string): boolean => billed.has(operation);

function chargeDynamo(meter: Meter, { operation, input, output }: WireCall): void {
  if (!consumes(operation)) return;
  const unit: Unit = reads.has(operation) ? 'dynamoReadUnits' : 'dynamoWriteUnits';
  if (output === undefined) {
    meter.count(unit, `${tableOf(input)} ${operation} refused`, refusedUnits(operation, input));
    return;
  }
  const { ConsumedCapacity: one } = fieldsOf(output);
  const consumed = Array.isArray(one) ? one.map(fieldsOf) : one === undefined ? [] : [fieldsOf(one)];
  for (const { TableName, CapacityUnits } of consumed)
    meter.count(unit, `${shortName(String(TableName))} ${operation}`, Number(CapacityUnits ?? 0));
}

/** A condition that does not hold costs what the write would have cost; DynamoDB does not say how much, and rows are short. */
const refusedUnits = (operation: string, input: unknown): number =>
  operation === 'TransactWriteItems' ? 2 * listIn(input, 'TransactItems').length : 1;

const tableOf = (input: unknown): string => shortName(String(fieldsOf(input).TableName ?? 'several tables'));

/** `Sessions` of `Rollcall-RollcallDataSessions4F3F6BBB-1X2Y`: what the stack calls a table, in the name that it was given. */
const shortName = (name: string): string => /Data([A-Z][a-z]+)[0-9A-F]{8}/.exec(name)?.[1] ?? name;

function chargeKinesis(meter: Meter, { operation, input, output }: WireCall): void {
  if (operation !== 'PutRecords' && operation !== 'PutRecord') return;
  if (output === undefined) return;
  const records = operation === 'PutRecord' ? [fieldsOf(input)] : listIn(input, 'Records');
  const results = operation === 'PutRecord' ? [fieldsOf(output)] : listIn(output, 'Records');
  for (const [index, { Data, PartitionKey }] of records.entries()) {
    if (results[index]?.SequenceNumber === undefined) continue;
    const bytes = bytesIn(Data) + bytesIn(PartitionKey, 'utf8');
    meter.count('kinesisPutUnits', operation, putUnits(bytes));
    meter.count('kinesisOnDemandBytes', operation, onDemandBytes(bytes));
    meter.count('kinesisOnDemandReadBytes', operation, bytes);
  }
}

/** Over the wire data is base64; an SDK client has it as bytes. */
const bytesIn = (data: unknown, encoding: BufferEncoding = 'base64'): number =>
  typeof data === 'string'
    ? Buffer.byteLength(data, encoding)
    : data instanceof Uint8Array
      ? data.byteLength
      : 0;

function chargeEvents(meter: Meter, { operation, input, output }: WireCall): void {
  if (operation !== 'PutEvents' || output === undefined) return;
  const results = listIn(output, 'Entries');
  for (const [index, { Source, DetailType, Detail }] of listIn(input, 'Entries').entries()) {
    if (results[index]?.EventId === undefined) continue;
    const bytes = [Source, DetailType, Detail].reduce<number>((sum, text) => sum + bytesIn(text, 'utf8'), 0);
    meter.count('busEvents', operation, busEvents(bytes));
  }
}

/** A message that did not arrive costs nothing, nor does closing a socket. */
function chargeMessage(meter: Meter, { operation, input, output }: WireCall): void {
  if (operation !== 'PostToConnection' || output === undefined) return;
  const bytes = bytesIn(fieldsOf(input).Data, 'utf8');
  meter.count('webSocketMessages', 'Pushes', socketMessages(bytes));
  meter.count('egressBytes', 'Pushes', bytes);
}
