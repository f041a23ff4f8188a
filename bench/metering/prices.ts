/**
 * Prices of AWS in dollars, region us-east-1, before free tiers, discounts and taxes.
 *
 * Sources: DynamoDB from the price list of 15 November 2024 (golden files of infracost at 95ba4f4), confirmed in July 2025;
 * HTTP and WebSocket APIs from the price page as of 20 September 2026; Kinesis, Lambda, CloudFront and CloudWatch Logs
 * from the same golden files, of 1 July 2024, of which no later change is known; egress, EventBridge, EventBridge Scheduler,
 * S3 and Secrets Manager from their price pages, not compared with a price list.
 */
export const pricesAsOf = '2026-11-25';
export const pricesRegion = 'us-east-1';

/** A price that falls with the amount: each step up to and including `upTo`, the last one without an end. */
export interface Step {
  readonly upTo?: number;
  readonly price: number;
}

const million = 1_000_000;
const gb = 1_024 ** 3;
const tb = 1_024 * gb;

const flat = (price: number): readonly Step[] => [{ price }];

/** Per unit of the bill and month; units are those of the meter. */
export const prices = {
  dynamoWriteUnits: flat(0.625 / million),
  dynamoReadUnits: flat(0.125 / million),
  kinesisPutUnits: flat(0.014 / million),
  kinesisShardHours: flat(0.015),
  kinesisOnDemandBytes: flat(0.08 / gb),
  kinesisOnDemandReadBytes: flat(0.04 / gb),
  lambdaRequests: flat(0.2 / million),
  /** arm64; above 7.5 billion GB-s a month it falls by a tenth. */
  lambdaGbSeconds: [{ upTo: 7.5e9, price: 0.000_013_333_4 }, { price: 0.000_012_000_1 }],
  webSocketMessages: [{ upTo: 1e9, price: 1 / million }, { price: 0.8 / million }],
  webSocketMinutes: flat(0.25 / million),
  httpApiRequests: [{ upTo: 3e8, price: 1 / million }, { price: 0.9 / million }],
  busEvents: flat(1 / million),
  schedulerInvocations: flat(1 / million),
  s3Puts: flat(5 / million),
  s3Gets: flat(0.4 / million),
  cloudFrontRequests: flat(1 / million),
  secretCalls: flat(5 / million),
  logBytes: flat(0.5 / gb),
  egressBytes: [
    { upTo: 10 * tb, price: 0.09 / gb },
    { upTo: 50 * tb, price: 0.085 / gb },
    { upTo: 150 * tb, price: 0.07 / gb },
    { price: 0.05 / gb },
  ],
} as const satisfies Record<string, readonly Step[]>;

/** What is there whether or not anybody beats, per month: the canaries' secret and an on-demand stream. */
export const fixedPrices = { secret: 0.4, onDemandStreamHour: 0.04 } as const;

/** Storage per GB and month: DynamoDB with point-in-time recovery, and S3. */
export const storagePrices = { dynamoGb: 0.25, recoveryGb: 0.2, s3Gb: 0.023 } as const;

/** REST API per request, which Rollcall does not use: for the comparison with the naive design. */
export const restApiSteps: readonly Step[] = [
  { upTo: 333e6, price: 3.5 / million },
  { upTo: 1e9, price: 2.8 / million },
  { upTo: 20e9, price: 2.38 / million },
  { price: 1.51 / million },
];

/** A month of the sheet: 30 days. */
export const monthSeconds = 30 * 24 * 60 * 60;
export const monthHours = monthSeconds / 3_600;

/** Dollars for an amount in a month, step by step. */
export function dollarsFor(steps: readonly Step[], amount: number): number {
  let dollars = 0;
  let from = 0;
  for (const { upTo = Number.POSITIVE_INFINITY, price } of steps) {
    if (amount <= from) break;
    dollars += (Math.min(amount, upTo) - from) * price;
    from = upTo;
  }
  return dollars;
}
