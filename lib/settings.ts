import { ConfigurationRefused } from '../core/errors';
import { type Limits, limitsFrom } from '../core/limits';
import { exactly, FieldRefused, listOf, type Reader, text, wholeNumber } from '../core/shape';
import { type Timings, timingsFrom } from '../core/timings';

/** What a token was made for: to tell who somebody is, or to be shown to an API. */
export type TokenUse = 'id' | 'access';

/** Whose tokens are accepted. */
export interface TokenIssuer {
  /** The `iss` claim, a URL. */
  readonly issuer: string;
  /** The `aud` claim; for the operators' page also its client id at the issuer. */
  readonly audience: string;
  /** Where the issuer's keys are; `<issuer>/.well-known/jwks.json` by default. */
  readonly jwksUri?: string;
  /**
   * What the claim `token_use` must say, for an issuer whose tokens have it, as Cognito's do: without this, a token made for
   * something else would do as well.
   */
  readonly tokenUse?: TokenUse;
}

/** Where heartbeats arrive: a function URL costs nothing per request, an HTTP API can have a domain of its own. */
export type FrontDoor = 'function-url' | 'http-api';

/** What may be set for a stack, under the context key `rollcall`. */
export interface Settings {
  readonly timings: Timings;
  /** How much one caller may ask for; those left out are as in core/limits. */
  readonly limits: Limits;
  /** `function-url` by default. */
  readonly frontDoor: FrontDoor;
  /** Absent: the stack makes a Cognito user pool of its own. The first one is where the operators' page signs in. */
  readonly tokenIssuers?: readonly TokenIssuer[];
  /** The token claim that holds the rights, of one's own issuers; `rollcall` by default. */
  readonly rightsClaim?: string;
  /** The origins of the apps that send heartbeats; by default any, since no request carries an ambient credential. */
  readonly allowedOrigins: readonly string[];
  /**
   * The origins of the pages that may open the live feed, each exactly as a browser sends it, besides the stack's own page,
   * which may in any case. By default any page, and whatever sends no origin: a ticket is needed anyway. Given a list, whoever is
   * no page of it, so also a program, is turned away. A domain of one's own before the stack's page belongs here too.
   */
  readonly pageOrigins?: readonly string[];
  /** Shards of the stream, each good for 1,000 heartbeats a second; 1 by default. */
  readonly shards: number | 'on-demand';
  /** Concurrency reserved for heartbeat-endpoint; by default none, since a new account has only 10 to share out. */
  readonly heartbeatConcurrency?: number;
  /** Whether deleting the stack deletes what it stored; by default everything is kept. */
  readonly removeDataOnDelete: boolean;
}

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

/** A stream may have more shards than this, but hardly without the account's limits having been raised first. */
const mostShards = 1_000;
const shardCount = wholeNumber((n) => n >= 1 && n <= mostShards, `1 to ${mostShards}, or on-demand`);
const shards: Reader<number | 'on-demand'> = (value, field) =>
  value === 'on-demand' ? value : shardCount(value, field);

const tokenIssuer = exactly<
  Pick<TokenIssuer, 'issuer' | 'audience'>,
  Required<Pick<TokenIssuer, 'jwksUri' | 'tokenUse'>>
>({
  required: { issuer: safeUrl, audience: filledText },
  optional: { jwksUri: safeUrl, tokenUse: oneOf<TokenUse>('id', 'access') },
});

/** A token says only which issuer it is of, so one issuer cannot be trusted in two ways. */
const tokenIssuers: Reader<readonly TokenIssuer[]> = (value, field) => {
  const issuers = filledListOf(tokenIssuer, 10)(value, field);
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) {
    throw new FieldRefused(field, 'each issuer once');
  }
  return issuers;
};

const origin = text(isOrigin, 'an origin such as https://app.example.com');
const originOrAny = text(
  (value) => value === '*' || isOrigin(value),
  'an origin such as https://app.example.com, or *',
);

const fields = {
  timings: completedBy(timingsFrom),
  limits: completedBy(limitsFrom),
  frontDoor: oneOf<FrontDoor>('function-url', 'http-api'),
  tokenIssuers,
  rightsClaim: filledText,
  allowedOrigins: filledListOf(originOrAny, 50),
  pageOrigins: filledListOf(origin, 50),
  shards,
  heartbeatConcurrency: wholeNumber((n) => n >= 1, 'a whole number from 1'),
  removeDataOnDelete: yesOrNo,
};

/**
 * Reads the context value `rollcall`: an object in cdk.json, or its JSON after `-c rollcall=`.
 * @throws ConfigurationRefused with a sentence that names the setting and says what to change.
 */
export function settingsFrom(context: unknown): Settings {
  const given = typeof context === 'string' ? parsed(context) : (context ?? {});
  try {
    return completed(exactly({ required: {}, optional: fields })(given, 'rollcall') as Partial<Settings>);
  } catch (error) {
    if (error instanceof FieldRefused) throw refusal(error, given);
    throw error;
  }
}

function completed(given: Partial<Settings>): Settings {
  if (given.rightsClaim !== undefined && given.tokenIssuers === undefined) {
    throw new ConfigurationRefused(
      'Leave out rollcall.rightsClaim or add rollcall.tokenIssuers: the user pool that the stack makes has its own claim.',
      { actual: given.rightsClaim },
    );
  }
  return {
    timings: timingsFrom(),
    limits: limitsFrom(),
    frontDoor: 'function-url',
    allowedOrigins: ['*'],
    shards: 1,
    removeDataOnDelete: false,
    ...given,
  };
}

const refusal = ({ field, expected }: FieldRefused, actual: unknown): ConfigurationRefused =>
  new ConfigurationRefused(
    `Correct the setting ${field}: expected ${expected}. The settings are ${Object.keys(fields).join(', ')}.`,
    { actual, expected },
  );

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ConfigurationRefused("Write the context as JSON: -c 'rollcall={…}'.", { actual: json });
  }
}
