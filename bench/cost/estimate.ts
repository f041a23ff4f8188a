import { billOf, type Charge, totalOf } from '../metering/bill';
import type { Reading } from '../metering/meter';
import { dollarsFor, fixedPrices, monthHours, monthSeconds, prices, restApiSteps } from '../metering/prices';
import { type Load, quietLoad } from './load';
import { type Rates, ratesOf } from './model';
import { monthOf } from './month';
import type { Setup } from './setup';

/** A month of a load on a setup. */
export interface Estimate {
  readonly load: Load;
  readonly setup: Setup;
  readonly rates: Rates;
  readonly month: Reading;
  readonly bill: readonly Charge[];
  /** Everything that is metered, and what is there even when nobody beats. */
  readonly dollars: number;
  readonly writeUnitsPerThousandBeats: number;
}

export function estimate(load: Load, setup: Setup): Estimate {
  const rates = ratesOf(load, setup);
  const month = monthWith(load, setup);
  const bill = billOf(month, setup.streamMode);
  const fixed =
    fixedPrices.secret + (setup.streamMode === 'on-demand' ? fixedPrices.onDemandStreamHour * monthHours : 0);
  return {
    load,
    setup,
    rates,
    month,
    bill,
    dollars: totalOf(bill) + fixed,
    writeUnitsPerThousandBeats: (month.total('dynamoWriteUnits') / beatsOf(load, setup)) * 1_000,
  };
}

/** Heartbeats of a month. */
export const beatsOf = ({ sessions, hoursADay }: Load, { timings }: Setup): number =>
  (sessions / timings.beatSeconds) * monthSeconds * (hoursADay / 24);

/** A month of days in which there is somebody for some hours, and nobody for the rest. */
function monthWith(load: Load, setup: Setup): Reading {
  const whole = monthOf(load, setup);
  const share = load.hoursADay / 24;
  return share === 1 ? whole : whole.times(share).plus(monthOf(quietLoad(load), setup).times(1 - share));
}

/** Billed time of a small Lambda per beat in the naive design; 128 MB for 20 ms. */
const naiveGbSeconds = (128 / 1_024) * 0.02;
/** A row of a session, and how long rows that ended are still scanned: TTL takes up to two days. */
const naiveRowBytes = 200;
const naiveEgressBytes = 400;

/**
 * The naive design: a REST API, a Lambda for each beat that updates a row, and a scan of all live rows each minute; no pushes, no
 * history. The stream between is as Rollcall's.
 */
export function naiveDollars(load: Load, setup: Setup): number {
  const { sessions, hoursADay } = load;
  const beats = beatsOf(load, setup);
  const scans = (monthSeconds / 60) * (hoursADay / 24);
  return (
    dollarsFor(restApiSteps, beats) +
    dollarsFor(prices.lambdaRequests, beats) +
    dollarsFor(prices.lambdaGbSeconds, beats * naiveGbSeconds) +
    dollarsFor(prices.kinesisPutUnits, beats) +
    dollarsFor(prices.kinesisShardHours, setup.shards * monthHours) +
    dollarsFor(prices.dynamoWriteUnits, beats) +
    dollarsFor(prices.dynamoReadUnits, ((scans * (sessions * naiveRowBytes)) / 4_096) * 0.5) +
    dollarsFor(prices.egressBytes, beats * naiveEgressBytes)
  );
}
