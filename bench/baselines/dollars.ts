import { settingsFrom } from '../../lib/settings';
import { estimate } from '../cost/estimate';
import { type Load, loadFrom } from '../cost/load';
import { ratesOf } from '../cost/model';
import { sampleBytes } from '../cost/samples';
import { setupOf, shardsFor } from '../cost/setup';
import { dollarsFor, monthHours, monthSeconds, prices } from '../metering/prices';
import { queryUnits } from '../metering/units';

/** Dollars a month of each design for so many sessions, ten to a facility. */
export interface Dollars {
  readonly rollcall: number;
  readonly naive: number;
  readonly classic: number;
}

export function dollarsAt(sessions: number): Dollars {
  const regions = Math.max(1, Math.round(sessions / 1_000));
  const load = loadFrom({ sessions, regions, operators: Math.ceil(regions / 2) });
  const settings = settingsFrom({});
  const setup = setupOf(settings);
  const shards = shardsFor(ratesOf(load, setup).beats);
  const rollcall = estimate(load, { ...setup, shards }).dollars;
  const egress = dollarsFor(prices.egressBytes, beatsOf(load) * sampleBytes.answer);
  return { rollcall, naive: naiveDollars(load) + egress, classic: classicDollars(load) + egress };
}

const beatSeconds = 30;
const beatsOf = ({ sessions }: Load): number => (sessions / beatSeconds) * monthSeconds;

/** 128 MB for as long as an UpdateItem takes with the SDK on a fourteenth of a processor. */
const naiveGbSeconds = (128 / 1_024) * 0.015;
const rowBytes = 120;

/** HTTP API rather than REST, arm64, short names, a scan that need not be consistent. */
function naiveDollars(load: Load): number {
  const beats = beatsOf(load);
  const scans = monthSeconds / 60;
  return (
    dollarsFor(prices.httpApiRequests, beats) +
    dollarsFor(prices.lambdaRequests, beats) +
    dollarsFor(prices.lambdaGbSeconds, beats * naiveGbSeconds) +
    dollarsFor(prices.dynamoWriteUnits, beats) +
    dollarsFor(prices.dynamoReadUnits, scans * queryUnits(load.sessions * rowBytes, false))
  );
}

/**
 * Prices of what only the classic design needs, us-east-1: a load balancer's unit from the price list of 1 July 2024 (golden files of
 * infracost at 95ba4f4); Fargate on arm64 from vantage.sh/blog/fargate-pricing; ElastiCache as remembered from its price page, not
 * compared with a price list.
 */
const classicPrices = {
  balancerHour: 0.0225,
  balancerUnitMonth: 5.84,
  vcpuHour: 0.032_38,
  gbHour: 0.003_56,
  /** cache.r7g.large: two processors, 13 GB. */
  cacheNodeHour: 0.219,
} as const;

/** Beats a second and processor that a server takes, its TLS, token and sockets included: AWS counts on 2,000 to 3,000 (Clickstream Analytics on AWS, ingestion endpoint: 2 vCPUs for 4,000 to 6,000). */
const beatsPerVcpu = 2_500;
/** Servers must bear everybody's coming back at once, and the loss of a zone. */
const headroom = 2;
/** Connections that are kept open between two beats, per unit of a load balancer. */
const connectionsPerUnit = 3_000;
/** Commands a second that a node is good for at half its load: two for each beat. */
const commandsPerNode = 50_000;

/** Two of everything at least, in two zones. */
function classicDollars({ sessions }: Load): number {
  const beatsPerSecond = sessions / beatSeconds;
  const vcpus = Math.max(2 * 0.5, (headroom * beatsPerSecond) / beatsPerVcpu);
  const nodes = 2 * Math.max(1, Math.ceil((2 * beatsPerSecond) / commandsPerNode));
  const { balancerHour, balancerUnitMonth, vcpuHour, gbHour, cacheNodeHour } = classicPrices;
  return (
    monthHours * balancerHour +
    Math.max(1, sessions / connectionsPerUnit) * balancerUnitMonth +
    monthHours * vcpus * (vcpuHour + 2 * gbHour) +
    monthHours * nodes * cacheNodeHour
  );
}
