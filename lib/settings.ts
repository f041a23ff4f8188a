import { ConfigurationRefused } from '../core/errors';
import { type Limits, limitsFrom } from '../core/limits';
import { exactly, FieldRefused } from '../core/shape';
import { type Timings, timingsFrom } from '../core/timings';
import { type Quotas, quotasFrom } from './quotas';
import { fields } from './setting-readers';
import { claimOfOwnIssuers, relations } from './setting-relations';
import type { Stage } from './stage';

/** What a token was made for: to tell who somebody is, or to be shown to an API. */
export type TokenUse = 'id' | 'access';

/** Whose tokens are accepted. */
export interface TokenIssuer {
  /** The `iss` claim, a URL. */
  readonly issuer: string;
  /** The `aud` claim; for the operators' page also its client id at the issuer. */
  readonly audience: string;
  /**
   * Where the issuer's keys are.
   * @default `<issuer>/.well-known/jwks.json`
   */
  readonly jwksUri?: string;
  /**
   * What the claim `token_use` must say, for an issuer whose tokens have it, as Cognito's do: without this, a token made for
   * something else would do as well.
   * @default the claim is not looked at
   */
  readonly tokenUse?: TokenUse;
  /**
   * Origins besides the issuer's own that the operators' page asks for tokens: those of `token_endpoint` and `revocation_endpoint` in
   * `<issuer>/.well-known/openid-configuration`. Of the first issuer alone; if that is a Cognito user pool, it needs that of its
   * sign-in pages, such as `https://<prefix>.auth.<region>.amazoncognito.com`.
   * @default none
   */
  readonly signInOrigins?: readonly string[];
}

/** Where heartbeats arrive: a function URL costs nothing per request, an HTTP API can have a domain of its own. */
export type FrontDoor = 'function-url' | 'http-api';

/** Whose key encrypts what is stored: one that AWS keeps for the account, or one of the account's own, for $1 a month. */
export type Encryption = 'aws-managed' | 'customer-managed';

/** Concurrency that is set aside for a stage and at the same time its most. */
export type ReservedConcurrency = Readonly<Record<Stage, number>>;

/** CloudFront with AWS WAF before heartbeats, API and page. */
export interface FirewallOptions {
  /**
   * Requests that one address may send within five minutes; more are answered with 403 until they are fewer. An office
   * behind one address sends 10 for each front end that beats every 30 s.
   * @default 20,000
   */
  readonly requestsPerAddress?: number;
  /**
   * ARN of a web ACL for CloudFront that exists already; required outside of us-east-1, where alone such an ACL can be made.
   * @default one is made: AWS's lists of bad addresses and of known bad requests, and the rate above
   */
  readonly webAclArn?: string;
}

/** An endpoint of a core system that is called with every change of status. */
export interface StatusDestinationOptions {
  /** Where events are posted, `https://…`, with a certificate that everybody trusts. */
  readonly url: string;
  /** Name or ARN of a secret in Secrets Manager, a text, which each call carries as `x-api-key`. */
  readonly keySecret: string;
  /**
   * At most so many calls a second, 1 to 300. What is more waits.
   * @default 50
   */
  readonly callsPerSecond?: number;
}

/** What may be set for a deployment, in JSON under the context key `rollcall`, or as props of the construct. */
export interface RollcallOptions {
  /**
   * The durations that its promises rest on; those left out are as under Timings.
   * @default as there
   */
  readonly timings?: Partial<Timings>;
  /**
   * How much one caller may ask for; those left out are as under Limits.
   * @default as there
   */
  readonly limits?: Partial<Limits>;
  /**
   * Where heartbeats arrive: `function-url` costs nothing per request, `http-api` ($1.00 per million) can have a domain of its own.
   * @default `function-url`
   */
  readonly frontDoor?: FrontDoor;
  /**
   * Whose tokens are accepted. The first one is where the operators' page signs in.
   * @default a Cognito user pool that the stack makes
   */
  readonly tokenIssuers?: readonly TokenIssuer[];
  /**
   * The token claim that holds the rights, of one's own issuers.
   * @default `rollcall`; in a user pool `custom:rollcall`
   */
  readonly rightsClaim?: string;
  /**
   * Addresses of your own apps to which the sign-in pages of the user pool may send a user back, besides the operators' page.
   * @default none
   */
  readonly signInUrls?: readonly string[];
  /**
   * The origins of the apps that send heartbeats.
   * @default `["*"]`: any, since no request carries an ambient credential
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * The origins of the pages that may open the live feed, each exactly as a browser sends it, besides the stack's own page,
   * which may in any case. Given a list, whoever is no page of it, so also a program, is turned away. A domain of one's own before
   * the stack's page belongs here too, unless it is the one in `domain`.
   * @default any page, and whatever sends no origin: a ticket is needed anyway
   */
  readonly pageOrigins?: readonly string[];
  /**
   * Shards of the stream, each good for 1,000 heartbeats a second, or `on-demand`.
   * @default 1
   */
  readonly shards?: number | 'on-demand';
  /**
   * How many sessions are expected at once. Deploys nothing; shards, front door and concurrency are checked against it.
   * @default not checked
   */
  readonly expectedSessions?: number;
  /**
   * Concurrency that is set aside for a stage (`heartbeat-endpoint`, `heartbeat-monitor`, `session-monitor`, `live-feed`,
   * `status-api`) and at the same time its most.
   * @default none, since a new account has only 10 to share out
   */
  readonly reservedConcurrency?: Partial<ReservedConcurrency>;
  /**
   * Memory of session-monitor in MB, and with it its share of a processor, of which 1,769 MB are a whole one; `npm run cost` says how
   * long a pass takes.
   * @default 512: enough for some ten thousand sessions at a tick of 5 s
   */
  readonly sessionMonitorMemoryMb?: number;
  /**
   * Whose key encrypts tables, stream, dead letters and secret: `aws-managed`, or `customer-managed` for a key of the stack's own
   * ($1 a month).
   * @default `aws-managed`
   */
  readonly encryption?: Encryption;
  /**
   * Whether tables that nothing fills again can be restored to any second of the last 35 days ($0.20 per GB and month).
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;
  /**
   * Days for which the functions' logs are kept, one of those that CloudWatch Logs takes.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Whether X-Ray traces the functions: the first request of each second, and one of twenty others, at $5 per million traces.
   * @default false
   */
  readonly tracing?: boolean;
  /**
   * Whether deleting the stack deletes what it stored.
   * @default false: everything is kept
   */
  readonly removeDataOnDelete?: boolean;
  /**
   * CloudFront with AWS WAF before heartbeats, API and page: $1.00 (CloudFront, per HTTPS request in the United States) and $0.60
   * (WAF) per million requests, and $8 a month for the web ACL with its three rules. At a beat every 30 s that is $0.14 per session and month.
   * @default none; the page alone is behind CloudFront, without WAF
   */
  readonly firewall?: FirewallOptions;
  /**
   * An endpoint of a core system that is called with every change of status (docs/INTEGRATION.md): $0.20 per million calls.
   * @default none; changes are on the event bus alone
   */
  readonly statusDestination?: StatusDestinationOptions;
  /**
   * Whether there are alarms and a dashboard, for about $8 a month.
   * @default true
   */
  readonly alarms?: boolean;
  /**
   * Where alarms send whoever they wake: a copy of docs/RUNBOOK.md, whose headings their names are.
   * @default `docs/RUNBOOK.md`
   */
  readonly runbookUrl?: string;
  /**
   * What AWS lets the account do, where it was raised; the other settings are checked against it.
   * @default as under Quotas
   */
  readonly quotas?: Partial<Quotas>;
}

type Completed =
  | 'frontDoor'
  | 'allowedOrigins'
  | 'shards'
  | 'reservedConcurrency'
  | 'sessionMonitorMemoryMb'
  | 'encryption'
  | 'pointInTimeRecovery'
  | 'logRetentionDays'
  | 'tracing'
  | 'removeDataOnDelete'
  | 'alarms'
  | 'runbookUrl';

/** The options with their defaults, checked. */
export interface Settings
  extends Omit<RollcallOptions, Completed | 'timings' | 'limits' | 'quotas'>,
    Required<Pick<RollcallOptions, Completed>> {
  readonly timings: Timings;
  readonly limits: Limits;
  readonly quotas: Quotas;
}

/**
 * Reads the context value `rollcall`: an object in cdk.json, or its JSON after `-c rollcall=`; or the options of a construct.
 * @param usersElsewhere whether a user pool is given beside the options.
 * @throws ConfigurationRefused with a sentence for each setting to change, which says how.
 */
export function settingsFrom(context: unknown, usersElsewhere = false): Settings {
  const settings = completed(optionsFrom(context));
  const rules = usersElsewhere ? relations : [claimOfOwnIssuers, ...relations];
  const sentences = rules.filter(({ holds }) => !holds(settings)).map(({ sentence }) => sentence(settings));
  if (sentences.length > 0) throw new ConfigurationRefused(sentences.join(' '), { actual: context });
  return settings;
}

/** What a context or the props of a construct say, each option by itself right. */
function optionsFrom(context: unknown): RollcallOptions {
  const given = typeof context === 'string' ? parsed(context) : (context ?? {});
  try {
    return exactly({ required: {}, optional: fields })(given, 'rollcall') as RollcallOptions;
  } catch (error) {
    if (error instanceof FieldRefused) throw refusal(error, given);
    throw error;
  }
}

const completed = (given: RollcallOptions): Settings => ({
  frontDoor: 'function-url',
  allowedOrigins: ['*'],
  shards: 1,
  reservedConcurrency: {},
  sessionMonitorMemoryMb: 512,
  encryption: 'aws-managed',
  pointInTimeRecovery: true,
  logRetentionDays: 30,
  tracing: false,
  removeDataOnDelete: false,
  alarms: true,
  runbookUrl: 'docs/RUNBOOK.md',
  ...given,
  timings: timingsFrom(given.timings),
  limits: limitsFrom(given.limits),
  quotas: quotasFrom(given.quotas),
});

const refusal = ({ field, expected }: FieldRefused, actual: unknown): ConfigurationRefused =>
  new ConfigurationRefused(
    `Correct the setting ${field}: expected ${expected}. The settings are ${Object.keys(fields).join(', ')}. ` +
      'What is a resource, such as a domain or a key, is a prop of the construct: docs/DEPLOY.md, "In an app of your own".',
    { actual, expected },
  );

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ConfigurationRefused("Write the context as JSON: -c 'rollcall={…}'.", { actual: json });
  }
}
