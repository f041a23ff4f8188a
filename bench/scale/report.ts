import type { Stage } from '../../lib/stage';
import { tableOf } from '../../tools/accuracy/table';
import { type Estimate, estimate } from '../cost/estimate';
import { type Part, partOf, parts } from '../cost/parts';
import type { Setup } from '../cost/setup';
import { dollars, grouped } from '../cost/words';
import { billOf, type Charge, totalOf } from '../metering/bill';
import { monthSeconds } from '../metering/prices';
import type { Outcome, Stretch } from './scale';
import type { TickTime } from './ticks';

/** What a run showed, beside what the cost sheet says of the same load. */
export interface Figures {
  readonly sessions: number;
  readonly steady: StretchFigures;
  readonly storm?: StretchFigures;
  /** A month of the steady state, as metered and as the sheet has it. */
  readonly meteredDollars: number;
  readonly sheetDollars: number;
  /** How far the sheet is off, as a share of what was metered. */
  readonly difference: number;
  readonly parts: readonly PartFigures[];
  readonly stages: Readonly<Partial<Record<Stage, { cpuMsPerInvocation: number; invocations: number }>>>;
  readonly monitorCpuMicrosecondsPerBeat: number;
  readonly settleCpuMicrosecondsPerSession: number;
  readonly wallSeconds: number;
  readonly heapMb: number;
  readonly errors: readonly string[];
}

export interface PartFigures {
  readonly part: Part;
  readonly metered: number;
  readonly sheet: number;
}

export interface StretchFigures {
  readonly seconds: number;
  readonly beats: number;
  readonly writeUnitsPerThousandBeats: number;
  readonly readUnitsPerThousandBeats: number;
  readonly messagesToSockets: number;
  /** Of this machine: the handler's own time for a tick with its glances, and the longest. */
  readonly tickCpuMs: { readonly mean: number; readonly longest: number };
  readonly settledPerTick: number;
  readonly listedPerTick: number;
}

export function figuresOf(outcome: Outcome, setup: Setup): Figures {
  const { plan, steady, storm, stopwatch } = outcome;
  const bill = billOf(steady.reading.times(monthSeconds / steady.seconds), setup.streamMode);
  const sheet = estimate(plan.load, setup);
  const meteredDollars = totalOf(bill);
  const sheetDollars = totalOf(sheet.bill);
  const beats = steady.beats + (storm?.beats ?? 0);
  const listed = sum([...steady.ticks, ...(storm?.ticks ?? [])], (tick) => tick.listed);
  const cpuOfTicks = sum([...steady.ticks, ...(storm?.ticks ?? [])], (tick) => tick.cpuMs);
  return {
    sessions: plan.load.sessions,
    steady: stretchFigures(steady),
    ...(storm && { storm: stretchFigures(storm) }),
    meteredDollars,
    sheetDollars,
    difference: (sheetDollars - meteredDollars) / meteredDollars,
    parts: partFigures(bill, sheet),
    stages: Object.fromEntries(
      stages.map((stage) => {
        const { cpuMs, invocations } = stopwatch.of(stage);
        return [stage, { cpuMsPerInvocation: cpuMs / Math.max(1, invocations), invocations }];
      }),
    ),
    monitorCpuMicrosecondsPerBeat: (outcome.monitorCpuMs / Math.max(1, beats)) * 1_000,
    settleCpuMicrosecondsPerSession: (cpuOfTicks / Math.max(1, listed)) * 1_000,
    wallSeconds: outcome.wallSeconds,
    heapMb: outcome.heapMb,
    errors: outcome.errors,
  };
}

const stages: readonly Stage[] = [
  'heartbeat-endpoint',
  'heartbeat-monitor',
  'session-monitor',
  'live-feed',
  'status-api',
];

const partFigures = (bill: readonly Charge[], sheet: Estimate): readonly PartFigures[] =>
  parts.map((part) => {
    const inPart = (charges: readonly Charge[]) => totalOf(charges.filter((each) => partOf(each) === part));
    return { part, metered: inPart(bill), sheet: inPart(sheet.bill) };
  });

function stretchFigures({ seconds, beats, reading, ticks }: Stretch): StretchFigures {
  const perThousand = 1_000 / Math.max(1, beats);
  return {
    seconds,
    beats,
    writeUnitsPerThousandBeats: reading.total('dynamoWriteUnits') * perThousand,
    readUnitsPerThousandBeats: reading.total('dynamoReadUnits') * perThousand,
    messagesToSockets: reading.total('webSocketMessages', 'Pushes'),
    tickCpuMs: {
      mean: sum(ticks, (tick) => tick.cpuMs) / Math.max(1, ticks.length),
      longest: Math.max(0, ...ticks.map((tick) => tick.cpuMs)),
    },
    settledPerTick: sum(ticks, (tick) => tick.settled) / Math.max(1, ticks.length),
    listedPerTick: sum(ticks, (tick) => tick.listed) / Math.max(1, ticks.length),
  };
}

const sum = (ticks: readonly TickTime[], amountOf: (tick: TickTime) => number): number =>
  ticks.reduce((total, tick) => total + amountOf(tick), 0);

/** The figures as text that is also Markdown. */
export function reportOf(figures: Figures): string {
  const { meteredDollars, sheetDollars, difference, steady } = figures;
  return [
    `${dollars(meteredDollars)} a month metered in the steady state of ${grouped(figures.sessions)} sessions; the cost sheet says ` +
      `${dollars(sheetDollars)}, ${(difference * 100).toFixed(1)} % off. ` +
      `${steady.writeUnitsPerThousandBeats.toFixed(1)} write units per 1,000 heartbeats.`,
    tableOf(
      ['part', 'metered', 'cost sheet'],
      figures.parts.map(({ part, metered, sheet }) => [part, dollars(metered), dollars(sheet)]),
    ),
    stretchTable(figures),
    `heartbeat-monitor: ${figures.monitorCpuMicrosecondsPerBeat.toFixed(1)} µs of processor time a heartbeat; ` +
      `session-monitor: ${figures.settleCpuMicrosecondsPerSession.toFixed(1)} µs a session that it lists; ` +
      `${grouped(figures.wallSeconds)} s and ${grouped(figures.heapMb)} MB for the whole run.`,
    ...(figures.errors.length > 0 ? [`Errors: ${figures.errors.join('; ')}`] : []),
  ].join('\n\n');
}

function stretchTable({ steady, storm }: Figures): string {
  const both = [steady, ...(storm ? [storm] : [])];
  const row = (name: string, of: (stretch: StretchFigures) => string): string[] => [name, ...both.map(of)];
  return tableOf(
    ['', 'steady state', ...(storm ? ['a tenth is cut off, returns, and every socket reconnects'] : [])],
    [
      row('virtual seconds', ({ seconds }) => grouped(seconds)),
      row('heartbeats', ({ beats }) => grouped(beats)),
      row('write units per 1,000', (each) => each.writeUnitsPerThousandBeats.toFixed(1)),
      row('read units per 1,000', (each) => each.readUnitsPerThousandBeats.toFixed(1)),
      row('messages to sockets', (each) => grouped(each.messagesToSockets)),
      row('regions settled a tick', (each) => grouped(each.settledPerTick)),
      row('sessions listed a tick', (each) => grouped(each.listedPerTick)),
      row('processor time a tick, ms: mean', (each) => grouped(each.tickCpuMs.mean)),
      row('the longest', (each) => grouped(each.tickCpuMs.longest)),
    ],
  );
}
