import { tableOf } from '../../tools/accuracy/table';
import { pricesAsOf, pricesRegion } from '../metering/prices';
import { beatsOf, type Estimate, naiveDollars } from './estimate';
import { leversOf } from './levers';
import { facilitiesOf, type Load } from './load';
import { dollarsByPart, partOf } from './parts';
import { passSeconds } from './pass';
import { isEnough, quotasOf } from './quotas';
import { dollars, grouped, percent } from './words';

/** The cost sheet as text that is also Markdown. */
export function sheetOf(estimate: Estimate, shardsAdded: boolean): string {
  return [
    headline(estimate),
    setupLine(estimate, shardsAdded),
    partsTable(estimate),
    'The ten largest lines:',
    linesTable(estimate),
    'Limits that this load meets:',
    quotaTable(estimate),
    'What another choice would cost:',
    leverTable(estimate),
  ].join('\n\n');
}

function headline({ load, dollars: total, writeUnitsPerThousandBeats, setup, ...rest }: Estimate): string {
  const perMillion = total / (beatsOf(load, setup) / 1_000_000);
  return (
    `${dollars(total)} a month for ${grouped(load.sessions)} sessions at any moment${hoursIn(load)}, over ${grouped(facilitiesOf(load))} facilities and ` +
    `${grouped(load.regions)} regions, each replaced after ${grouped(load.sessionHours)} h: ` +
    `${grouped(rest.rates.beats)} heartbeats a second, ${dollars(perMillion)} a million, ` +
    `${writeUnitsPerThousandBeats.toFixed(0)} write units per 1,000. ` +
    `The naive design, untuned (a REST API, the same stream, a Lambda and a write for each heartbeat, a scan of all rows each minute), ` +
    `would cost ${dollars(naiveDollars(load, setup))}.`
  );
}

/** Whoever says nothing of hours pays for day and night. */
const hoursIn = ({ hoursADay }: Load): string =>
  hoursADay === 24 ? ', day and night' : ` of ${grouped(hoursADay)} hours a day`;

function setupLine({ setup, load }: Estimate, shardsAdded: boolean): string {
  const { timings: t, shards, streamMode, frontDoor } = setup;
  const stream = streamMode === 'on-demand' ? 'on demand' : `${shards} shards`;
  return (
    `A heartbeat every ${t.beatSeconds} s over ${frontDoor}, stream: ${stream}` +
    `${shardsAdded ? ' (more than are set, since those would not bear it)' : ''}, renewBeats ${t.renewBeats}, a tick every ` +
    `${t.tickSeconds} s, ${grouped(load.operators)} operators' sockets. Prices of ${pricesRegion} as of ${pricesAsOf}, ` +
    'before free tiers, discounts, taxes and sign-in.'
  );
}

function partsTable({ bill, dollars: total }: Estimate): string {
  const rows = [...dollarsByPart(bill)].map(([part, amount]) => [
    part,
    dollars(amount),
    percent(amount / total),
  ]);
  return tableOf(['part', 'a month', 'share'], rows);
}

function linesTable({ bill, dollars: total }: Estimate): string {
  const rows = bill
    .slice(0, 10)
    .map((line) => [
      line.what,
      line.unit,
      grouped(line.amount),
      dollars(line.dollars),
      percent(line.dollars / total),
      partOf(line),
    ]);
  return tableOf(['what', 'unit of the bill', 'amount', 'a month', 'share', 'part'], rows);
}

function quotaTable(estimate: Estimate): string {
  const rows = quotasOf(estimate).map((quota) => [
    quota.what,
    grouped(quota.needed),
    grouped(quota.has),
    quota.unit,
    isEnough(quota) ? 'enough' : quota.raise,
  ]);
  return tableOf(['limit', 'needed', 'there is', 'of what', 'what to do'], rows);
}

function leverTable(estimate: Estimate): string {
  const rows = leversOf(estimate).map((lever) => {
    const difference = lever.dollars - estimate.dollars;
    return [
      lever.choice,
      dollars(lever.dollars),
      `${difference < 0 ? '−' : '+'}${dollars(Math.abs(difference))}`,
      lever.writeUnitsPerThousandBeats.toFixed(0),
      lever.effect,
    ];
  });
  return tableOf(['instead', 'a month', 'difference', 'write units per 1,000 heartbeats', 'for that'], rows);
}

/** The same for programs. */
export const sheetJson = (estimate: Estimate): object => ({
  prices: { region: pricesRegion, asOf: pricesAsOf },
  load: estimate.load,
  setup: estimate.setup,
  dollars: estimate.dollars,
  naiveDollars: naiveDollars(estimate.load, estimate.setup),
  writeUnitsPerThousandBeats: estimate.writeUnitsPerThousandBeats,
  passSeconds: passSeconds(estimate.rates, estimate.setup),
  parts: Object.fromEntries(dollarsByPart(estimate.bill)),
  lines: estimate.bill,
  quotas: quotasOf(estimate).map((quota) => ({ ...quota, enough: isEnough(quota) })),
  levers: leversOf(estimate),
});
