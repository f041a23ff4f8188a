import { formatCanary } from '../../core/canary';
import { assumedMs, billedMs, gbSeconds } from '../metering/lambda-time';
import { Meter, type Reading, type Unit } from '../metering/meter';
import { monthSeconds } from '../metering/prices';
import {
  onDemandBytes,
  putUnits,
  queryUnits,
  readUnits,
  socketMessages,
  transactWriteUnits,
  writeUnits,
} from '../metering/units';
import type { Load } from './load';
import { measured } from './measured';
import { type Rates, ratesOf } from './model';
import { passSeconds } from './pass';
import { sampleBytes } from './samples';
import type { Setup } from './setup';

/** A page pings this often. */
const pingSeconds = 20;
/** API Gateway ends a socket after two hours. */
const reconnectSeconds = 7_200;
const logLineBytes = 250;
/** A tick's metrics are a line of the log. */
const metricsLineBytes = 500;
/** As lib/heartbeat-monitor.ts sets it; a shard is looked at once a second. */
const batchSize = 500;

type Count = (unit: Unit, what: string, perSecond: number) => void;

/** What a month of this load is billed, in the units of the bill and by the purposes of the meter. */
export function monthOf(load: Load, setup: Setup): Reading {
  const meter = new Meter();
  const count: Count = (unit, what, perSecond) => meter.count(unit, what, perSecond * monthSeconds);
  const rates = ratesOf(load, setup);
  countIngest(rates, setup, count);
  countSessions(rates, load, setup, count);
  countSettles(rates, load, setup, count);
  countCommits(rates, count);
  countWatermarks(rates, setup, count);
  countOperators(rates, load, count);
  return meter.read();
}

function countIngest({ beats, ticks }: Rates, setup: Setup, count: Count): void {
  const ms = endpointMs();
  const requests = beats + ticks;
  count('lambdaRequests', 'heartbeat-endpoint', requests);
  count('lambdaGbSeconds', 'heartbeat-endpoint', beats * gbSeconds('heartbeat-endpoint', ms));
  if (setup.frontDoor === 'http-api') count('httpApiRequests', 'heartbeat-endpoint', requests);
  count('egressBytes', 'Answers to beats', beats * sampleBytes.answer);
  const canaries = ticks * (setup.shards + 1);
  count('kinesisPutUnits', 'Beats', beats * putUnits(sampleBytes.record));
  count('kinesisPutUnits', 'Canaries', canaries);
  count('kinesisOnDemandBytes', 'Beats', beats * onDemandBytes(sampleBytes.record));
  count('kinesisOnDemandBytes', 'Canaries', canaries * onDemandBytes(formatCanary('shard').length));
  count('kinesisOnDemandReadBytes', 'Beats', beats * sampleBytes.record);
  count('kinesisShardHours', 'Shards', setup.shards / 3_600);
}

/** How long the endpoint takes for a beat. */
export const endpointMs = (): number =>
  billedMs('heartbeat-endpoint', { cpuMs: measured.endpointMs, calls: 1, waitMs: assumedMs.kinesis });

function countSessions(rates: Rates, load: Load, { timings, shards }: Setup, count: Count): void {
  const { beats, joins, leaves } = rates;
  const row = writeUnits(sampleBytes.session(timings));
  const write = (what: string, amount: number) => count('dynamoWriteUnits', what, amount);
  const renewals = (beats - joins - leaves) / rates.renewalsPerWrite;
  write('Sessions renewed', renewals * row);
  write('Sessions joined', joins * row);
  write('Sessions left', leaves * row);
  write('Sessions removed', joins * row);
  write('Index by user', 2 * joins);
  count('dynamoReadUnits', 'Sessions loaded', joins);
  const batches = shards * Math.max(1, Math.ceil(beats / shards / batchSize));
  const markedPerBatch = (joins + leaves) / load.regions / batches;
  write('Marks', load.regions * batches * (1 - Math.exp(-markedPerBatch)));
  const saves = renewals + joins + leaves;
  const ms = billedMs('heartbeat-monitor', {
    cpuMs: (beats / batches) * measured.monitorMsPerBeat,
    calls: saves / batches + 1,
    waitMs: (Math.ceil(saves / batches / 100) + 1) * assumedMs.dynamo,
  });
  count('lambdaRequests', 'heartbeat-monitor', batches);
  count('lambdaGbSeconds', 'heartbeat-monitor', batches * gbSeconds('heartbeat-monitor', ms));
}

function countSettles(rates: Rates, load: Load, setup: Setup, count: Count): void {
  const { marked, ended, idle } = rates.settles;
  const settles = marked + ended + idle;
  const listed = queryUnits(rates.rowsPerRegion * sampleBytes.session(setup.timings), true);
  const read = (what: string, amount: number) => count('dynamoReadUnits', what, amount);
  // A silence that a stale read shows is looked at again; marks and goodbyes are read consistently at once (TR1).
  const silent = rates.silences / (rates.leaves + rates.silences);
  read('Sessions listed', listed * (marked + (1 + 0.5 * silent) * ended + 0.5 * idle));
  read('Facilities read', settles * queryUnits(rates.facilitiesPerRegion * sampleBytes.facility, true));
  read('Region read', settles * queryUnits(sampleBytes.region, true));
  // Each tick, consistently, and the glances between two of them; a single pass a minute has none.
  const looks = setup.timings.tickSeconds >= 60 ? rates.ticks : 1;
  const heads = load.regions * sampleBytes.region;
  read(
    'Regions looked at',
    rates.ticks * queryUnits(heads, true) + (looks - rates.ticks) * queryUnits(heads, false),
  );
  count('dynamoWriteUnits', 'Regions settled', settles);
  // A run goes on until the tick after its successor has taken over; one that is a single pass ends with it.
  const { tickSeconds } = setup.timings;
  const seconds = tickSeconds >= 60 ? passSeconds(rates, setup) : 60 + tickSeconds;
  const memory = setup.sessionMonitorMemoryMb / 1_024;
  count('lambdaGbSeconds', 'session-monitor', (memory * seconds) / 60);
  count('lambdaRequests', 'session-monitor', 1 / 60);
  count('schedulerInvocations', 'session-monitor', 1 / 60);
  count('dynamoReadUnits', 'Fence', rates.ticks);
  count('dynamoWriteUnits', 'Fence', 1 / 60);
}

function countCommits(rates: Rates, count: Count): void {
  const { entries, changes, transitions } = rates;
  const write = (what: string, amount: number) => count('dynamoWriteUnits', what, amount);
  const read = (what: string, amount: number) => count('dynamoReadUnits', what, amount);
  write('Heads', entries * transactWriteUnits(0));
  const changesEach = entries === 0 ? 0 : changes / entries;
  write('Change log', entries * unitsOfEntries(changesEach));
  write('Facilities', changes * transactWriteUnits(sampleBytes.facility));
  write('Transitions', transitions * transactWriteUnits(0));
  // The facility's row, the event, and the user's row or its removal.
  write('Presence', changes * 3 * transactWriteUnits(0));
  read('Presence read', changes * readUnits(0, true));
  // Each sink reads the entries and then that there are no more, and moves its cursor.
  write('Cursors', 2 * entries);
  read('Change log read', 4 * entries);
  read('Subscribers', 2 * entries);
  count('busEvents', 'Status events', transitions);
  count('logBytes', 'Logs', entries * logLineBytes + rates.ticks * metricsLineBytes);
}

/** Entries of one tick are not all alike: an average one is between two sizes. */
function unitsOfEntries(changes: number): number {
  const few = Math.max(1, Math.floor(changes));
  const share = Math.max(0, changes - few);
  const units = (count: number) => transactWriteUnits(sampleBytes.entry(count));
  return units(few) * (1 - share) + units(few + 1) * share;
}

function countWatermarks({ ticks }: Rates, { timings, shards }: Setup, count: Count): void {
  // With each canary, and every two seconds between them.
  const perShard = (1 + Math.floor((timings.tickSeconds - 1) / 2)) * ticks;
  count('dynamoWriteUnits', 'Watermarks', shards * perShard + 3 * ticks);
  count('dynamoReadUnits', 'Watermarks', ticks * (1 + queryUnits(shards * 60 + 600, true)));
}

function countOperators({ entries }: Rates, { operators, regions }: Load, count: Count): void {
  const pings = operators / pingSeconds;
  const connects = operators / reconnectSeconds;
  const pushes = entries * (operators / regions);
  count('webSocketMinutes', 'Sockets', operators / 60);
  count('webSocketMessages', 'From operators', pings + 2 * connects);
  count('webSocketMessages', 'Pushes', pings + connects + pushes * socketMessages(1));
  count('egressBytes', 'Pushes', (pings + connects) * sampleBytes.tick + pushes * 450);
  count('lambdaRequests', 'live-feed', pings + 3 * connects);
  const ms = billedMs('live-feed', { cpuMs: measured.feedMs, calls: 4, waitMs: 4 * assumedMs.dynamo });
  count('lambdaGbSeconds', 'live-feed', (pings + 3 * connects) * gbSeconds('live-feed', ms));
  count('dynamoReadUnits', 'Connections', pings + 2 * connects);
  count('dynamoReadUnits', 'Region read', pings + 2 * connects);
  count('dynamoReadUnits', 'Watermarks', pings + 2 * connects);
  count('dynamoWriteUnits', 'Connections', 12 * connects);
  count('httpApiRequests', 'status-api', 2 * connects);
  count('lambdaRequests', 'status-api', 2 * connects);
}
