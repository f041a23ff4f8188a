import type { KinesisStreamRecord } from 'aws-lambda';
import { MemoryDeadLetters } from '../../adapters/memory/dead-letters';
import { silentMeter } from '../../adapters/memory/meter';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import type { AcceptedBeat } from '../../core/beat';
import { chunksOf } from '../../core/concurrency';
import { defaultTimings } from '../../core/timings';
import { createMonitor } from '../../lambdas/heartbeat-monitor/monitor';
import { costFigures, cpuFigure } from '../figures';
import { beatOf, beginningMs, recordOf, uuidOf } from '../front-ends';
import { costOf, type Rounds } from '../measure';
import { quietLog } from '../quiet-log';
import type { Scenario } from '../scenario';

const sessions = 10_000;
/** As the stack sets it (lib/heartbeat-monitor.ts). */
const batchSize = 500;

export const heartbeatMonitor: Scenario = {
  title: 'heartbeat-monitor, processor time per beat',
  about: `The real handler on stores in memory, batches of ${batchSize} records as Lambda hands them over; ${sessions.toLocaleString('en-US')} sessions.`,
  async run() {
    const renewed = await costOf(roundsOf(aStand(), {}));
    const unknown = await costOf(roundsOf(aStand(), { forgets: true }));
    const joined = await costOf(roundsOf(aStand(), { beat: joining }));
    const left = await costOf(roundsOf(aStand(), { beat: leaving }));
    const attributes = new Map([['mood', 'happy']]);
    const dressed = await costOf(roundsOf(aStand(), { attributes }));
    return [
      ...costFigures('a renewal, every second one written', renewed, 10),
      cpuFigure('the same with attributes, which stay as they are', dressed),
      cpuFigure('the same in a new copy of the function, which has to load each session', unknown),
      cpuFigure('a first beat', joined),
      cpuFigure('a goodbye of a session that nobody knows', left),
    ];
  },
};

const joining = (index: number, round: number): AcceptedBeat =>
  beatOf(index, { sessionId: uuidOf('c', round * sessions + index) });

const leaving = (index: number, round: number): AcceptedBeat => ({
  ...joining(index, round),
  nextSeconds: 0,
});

interface Load {
  /** Other sessions each round; without it the same ones go on beating. */
  readonly beat?: (index: number, round: number) => AcceptedBeat;
  readonly attributes?: AcceptedBeat['attributes'];
  /** Another copy of the function each round. */
  readonly forgets?: boolean;
}

function aStand() {
  const clock = new VirtualClock(beginningMs);
  const ports = {
    sessions: new MemorySessionStore(),
    ledger: new MemoryRegionLedger(),
    watermarks: new MemoryWatermarks(defaultTimings),
    deadLetters: new MemoryDeadLetters(),
    clock,
    log: quietLog,
    meter: silentMeter,
  };
  return { clock, copy: () => createMonitor(ports, defaultTimings) };
}

/** Every session beats once in a round, 30 s after the round before. */
function roundsOf({ clock, copy }: ReturnType<typeof aStand>, load: Load): Rounds {
  const { attributes, forgets = false } = load;
  const beat =
    load.beat ?? ((index: number) => beatOf(index, attributes === undefined ? {} : { attributes }));
  const goesOn = load.beat === undefined;
  let handle = copy();
  let records: readonly KinesisStreamRecord[] = [];
  let passes: Payloads[] = [];
  const deliver = async (): Promise<void> => {
    for (const Records of chunksOf(records, batchSize)) {
      const { batchItemFailures } = await handle({ Records: [...Records] });
      if (batchItemFailures.length > 0) throw new Error('records went back to the stream');
    }
  };
  const wait = (): void => {
    clock.advance(30_000);
    const payloads = passes.shift();
    for (const [index, { kinesis }] of records.entries()) {
      kinesis.approximateArrivalTimestamp = clock.now() / 1_000;
      kinesis.data = payloads?.[index] ?? kinesis.data;
    }
  };
  return {
    // Twice, since all of them are written in every second pass.
    items: goesOn ? 2 * sessions : sessions,
    prepare: (round) => {
      if (forgets) handle = copy();
      if (round === 0 || !goesOn) records = recordsOf((index) => beat(index, round));
      if (goesOn) passes = [2 * round + 1, 2 * round + 2].map((seq) => payloadsOf(beat, round, seq));
      wait();
    },
    work: async () => {
      await deliver();
      if (!goesOn) return;
      wait();
      if (forgets) handle = copy();
      await deliver();
    },
  };
}

/** What one record each holds in a pass. */
type Payloads = readonly string[];

/** The next beat of every session, made before anything is measured. */
const payloadsOf = (
  beat: (index: number, round: number) => AcceptedBeat,
  round: number,
  seq: number,
): Payloads => recordsOf((index) => ({ ...beat(index, round), seq })).map(({ kinesis }) => kinesis.data);

const recordsOf = (beat: (index: number) => AcceptedBeat): readonly KinesisStreamRecord[] =>
  Array.from({ length: sessions }, (_, index) => recordOf(beat(index), index, beginningMs));
