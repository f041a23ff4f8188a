import { limitsFrom } from '../core/limits';
import { exactly, FieldRefused, listOf, type Reader, text, wholeNumber } from '../core/shape';
import { timingsFrom } from '../core/timings';
import { quotasFrom } from './quotas';
import type {
  Encryption,
  FirewallOptions,
  FrontDoor,
  ReservedConcurrency,
  StatusDestinationOptions,
  TokenIssuer,
  TokenUse,
} from './settings';
import { stages } from './stage';

const localHosts = ['localhost', '127.0.0.1'];

/** Plain http is fine only where nobody else can listen. */
const isSafeUrl = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && localHosts.includes(hostname));
};

const isOrigin = (value: string): boolean => isSafeUrl(value) && new URL(value).origin === value;

const safeUrl = text(isSafeUrl, 'a URL that begins with https://');
const filledText = text((value) => value.trim() !== '', 'a text that is not empty');

const oneOf = <T extends string>(...choices: readonly T[]): Reader<T> => {
  const read = text((value) => choices.some((choice) => choice === value), choices.join(' or '));
  return (value, field) => read(value, field) as T;
};

const numberAmong = (choices: readonly number[]): Reader<number> =>
  wholeNumber((n) => choices.includes(n), `one of ${choices.join(', ')}`);

const yesOrNo: Reader<boolean> = (value, field) => {
  if (typeof value !== 'boolean') throw new FieldRefused(field, 'true or false');
  return value;
};

const filledListOf =
  <T>(item: Reader<T>, max: number): Reader<readonly T[]> =>
  (value, field) => {
    const items = listOf(item, max)(value, field);
    if (items.length === 0) throw new FieldRefused(field, 'at least one entry, or leave it out');
    return items;
  };

/** Settings that are given in part and completed. */
const completedBy =
  <T extends object>(complete: (given: Partial<T>) => T): Reader<T> =>
  (value, field) => {
    if (typeof value !== 'object' || value === null) throw new FieldRefused(field, 'an object');
    return complete(value);
  };

/** A stream may have more shards than this, but hardly without the account's quotas having been raised first. */
const mostShards = 20_000;
const shardCount = wholeNumber((n) => n >= 1 && n <= mostShards, `1 to ${mostShards}, or on-demand`);
const shards: Reader<number | 'on-demand'> = (value, field) =>
  value === 'on-demand' ? value : shardCount(value, field);

const origin = text(isOrigin, 'an origin such as https://app.example.com');

const tokenIssuer = exactly<
  Pick<TokenIssuer, 'issuer' | 'audience'>,
  Required<Omit<TokenIssuer, 'issuer' | 'audience'>>
>({
  required: { issuer: safeUrl, audience: filledText },
  optional: {
    jwksUri: safeUrl,
    tokenUse: oneOf<TokenUse>('id', 'access'),
    signInOrigins: filledListOf(origin, 10),
  },
});

/** A token says only which issuer it is of, so one issuer cannot be trusted in two ways. */
const tokenIssuers: Reader<readonly TokenIssuer[]> = (value, field) => {
  const issuers = filledListOf(tokenIssuer, 10)(value, field);
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) {
    throw new FieldRefused(field, 'each issuer once');
  }
  return issuers;
};

const originOrAny = text(
  (value) => value === '*' || isOrigin(value),
  'an origin such as https://app.example.com, or *',
);

const fromOne = wholeNumber((n) => n >= 1, 'a whole number from 1');

const reservedConcurrency = exactly<object, ReservedConcurrency>({
  required: {},
  optional: Object.fromEntries(stages.map((stage) => [stage, fromOne])) as Record<
    (typeof stages)[number],
    Reader<number>
  >,
});

/** What CloudWatch Logs takes (API reference, PutRetentionPolicy). */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];

const firewall = exactly<object, Required<FirewallOptions>>({
  required: {},
  optional: {
    // AWS WAF takes rates from 10 to 2,000,000,000.
    requestsPerAddress: wholeNumber((n) => n >= 10 && n <= 2_000_000_000, '10 to 2000000000'),
    webAclArn: text(
      (value) => /^arn:[\w-]+:wafv2:us-east-1:\d{12}:global\/webacl\/.+$/.test(value),
      'the ARN of a web ACL for CloudFront, arn:aws:wafv2:us-east-1:…:global/webacl/…',
    ),
  },
});

const httpsUrl = text(
  (value) => isSafeUrl(value) && new URL(value).protocol === 'https:',
  'a URL that begins with https://',
);

const statusDestination = exactly<
  Pick<StatusDestinationOptions, 'url' | 'keySecret'>,
  Required<Pick<StatusDestinationOptions, 'callsPerSecond'>>
>({
  required: { url: httpsUrl, keySecret: filledText },
  // EventBridge takes at most 300 (API reference, CreateApiDestination).
  optional: { callsPerSecond: wholeNumber((n) => n >= 1 && n <= 300, '1 to 300') },
});

/** How each setting is read. */
export const fields = {
  timings: completedBy(timingsFrom),
  limits: completedBy(limitsFrom),
  frontDoor: oneOf<FrontDoor>('function-url', 'http-api'),
  tokenIssuers,
  rightsClaim: filledText,
  signInUrls: filledListOf(safeUrl, 99),
  allowedOrigins: filledListOf(originOrAny, 50),
  pageOrigins: filledListOf(origin, 50),
  shards,
  expectedSessions: fromOne,
  reservedConcurrency,
  sessionMonitorMemoryMb: wholeNumber(
    (n) => n >= 256 && n <= 10_240,
    'a whole number of MB from 256 to 10240',
  ),
  encryption: oneOf<Encryption>('aws-managed', 'customer-managed'),
  pointInTimeRecovery: yesOrNo,
  logRetentionDays: numberAmong(retentionDays),
  tracing: yesOrNo,
  removeDataOnDelete: yesOrNo,
  firewall,
  statusDestination,
  alarms: yesOrNo,
  runbookUrl: filledText,
  quotas: completedBy(quotasFrom),
};
