import { Stack, Token } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IUserPool, StandardAttributes } from 'aws-cdk-lib/aws-cognito';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ConfigurationRefused } from '../core/errors';
import type { RollcallDomain } from './domain';
import type { BuildPage } from './operators-page';
import { fields } from './setting-readers';
import { type RollcallOptions, type Settings, settingsFrom } from './settings';

/** Everything is optional: `new Rollcall(stack, 'Rollcall')` deploys a whole that works. */
export interface RollcallProps extends RollcallOptions {
  /**
   * A user pool that is there already. The operators' page becomes one of its clients, and a user's rights are in the attribute
   * `custom:rollcall`, which the pool must have, unless `rightsClaim` names another claim.
   * @default one is made, to which only administrators add users; or none, given `tokenIssuers`
   */
  readonly userPool?: IUserPool;
  /**
   * Where the sign-in pages of that user pool are, `https://…`.
   * @default pages are added to the pool, under `rollcall-…`
   */
  readonly userPoolSignInUrl?: string;
  /**
   * The standard attributes that this user pool requires of each user, such as `['email', 'familyName']`: Cognito takes no client that
   * may not write them. A user may then change these, and the name, through the page's client; never the rights.
   * @default none
   */
  readonly userPoolRequiredAttributes?: readonly (keyof StandardAttributes)[];
  /**
   * A KMS key that is there already, for tables, stream, dead letters and secret. Its policy must let IAM decide, as CDK's do.
   * @default as `encryption` says
   */
  readonly encryptionKey?: IKey;
  /**
   * A bus that is there already, for the events of changes.
   * @default one is made
   */
  readonly eventBus?: IEventBus;
  /**
   * A domain of one's own before the page, the API, the live feed and, given `http-api` or a firewall, the heartbeats.
   * @default the names that AWS gives
   */
  readonly domain?: RollcallDomain;
  /**
   * Builds the operators' page, for one of one's own; `config.json` is put beside it.
   * @default Rollcall's page
   */
  readonly buildPage?: BuildPage;
}

/**
 * The settings in the props of a construct, checked, with everything else that the props say.
 * @throws ConfigurationRefused with a sentence for each thing to change, which says how
 */
export function settingsOf(scope: Construct, props: RollcallProps): Settings {
  const named = Object.keys(fields) as (keyof RollcallOptions)[];
  const given = named.filter((name) => props[name] !== undefined).map((name) => [name, props[name]] as const);
  const settings = settingsFrom(Object.fromEntries(given), props.userPool !== undefined);
  const found = { props, settings, region: knownRegion(scope) };
  const sentences = relations.filter(({ holds }) => !holds(found)).map(({ sentence }) => sentence(found));
  if (sentences.length > 0) throw new ConfigurationRefused(sentences.join(' '));
  return settings;
}

interface Found {
  readonly props: RollcallProps;
  readonly settings: Settings;
  /** Undefined where the stack may go to any region. */
  readonly region: string | undefined;
}

interface Relation {
  readonly holds: (found: Found) => boolean;
  readonly sentence: (found: Found) => string;
}

/** Where CloudFront looks for certificates and web ACLs (CloudFront guide, "Requirements for using SSL/TLS certificates"). */
const edgeRegion = 'us-east-1';

const knownRegion = (scope: Construct): string | undefined => {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) ? undefined : region;
};

/** The region in a certificate's ARN, where that is known at synth. */
const regionOf = (certificate: ICertificate | undefined): string | undefined =>
  certificate === undefined || Token.isUnresolved(certificate.certificateArn)
    ? undefined
    : certificate.certificateArn.split(':')[3];

const isDomainName = (name: string): boolean =>
  Token.isUnresolved(name) || /^(?=.{1,240}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(name);

/** Whether a name belongs into a zone, as far as that is known at synth. */
const isWithin = ({ domainName, hostedZone }: RollcallDomain): boolean => {
  const zone = hostedZone?.zoneName;
  if (zone === undefined || Token.isUnresolved(zone) || Token.isUnresolved(domainName)) return true;
  return domainName === zone || domainName.endsWith(`.${zone}`);
};

const isHttps = (url: string): boolean =>
  Token.isUnresolved(url) || (URL.canParse(url) && new URL(url).protocol === 'https:');

/** Its `token_endpoint` is at the domain of the sign-in pages (Cognito guide, "Token endpoint"). */
const isCognito = (issuer: string): boolean =>
  /^cognito-idp\.[\w-]+\.amazonaws\.com(\.cn)?$/.test(new URL(issuer).hostname);

/** What must hold between the props that are resources, the settings, and where the stack goes. */
const relations: readonly Relation[] = [
  {
    holds: ({ props }) => props.userPool === undefined || props.tokenIssuers === undefined,
    sentence: () =>
      'Leave out userPool or tokenIssuers; to trust a user pool besides other issuers, list it among tokenIssuers with tokenUse: id.',
  },
  {
    holds: ({ props }) => props.userPoolSignInUrl === undefined || props.userPool !== undefined,
    sentence: () =>
      'Leave out userPoolSignInUrl or add userPool: the pool that the stack makes has its own pages.',
  },
  {
    holds: ({ props }) => props.userPoolSignInUrl === undefined || isHttps(props.userPoolSignInUrl),
    sentence: ({ props }) =>
      `userPoolSignInUrl is ${props.userPoolSignInUrl}; set it to a URL that begins with https://.`,
  },
  {
    holds: ({ props }) => props.userPoolRequiredAttributes === undefined || props.userPool !== undefined,
    sentence: () =>
      'Leave out userPoolRequiredAttributes or add userPool: the pool that the stack makes requires none.',
  },
  {
    holds: ({ settings: { tokenIssuers: [first] = [] } }) =>
      first === undefined || first.signInOrigins !== undefined || !isCognito(first.issuer),
    sentence: () =>
      'tokenIssuers[0].issuer is a Cognito user pool, which gives out tokens at the origin of its sign-in pages; set tokenIssuers[0].signInOrigins to that, such as ["https://<prefix>.auth.<region>.amazoncognito.com"], or nobody can sign in to the page.',
  },
  {
    holds: ({ props }) => props.encryptionKey === undefined || props.encryption !== 'aws-managed',
    sentence: () => 'Leave out encryptionKey, or encryption, which says that AWS manages the key.',
  },
  {
    holds: ({ props: { domain } }) => domain === undefined || isDomainName(domain.domainName),
    sentence: ({ props }) =>
      `domain.domainName is ${props.domain?.domainName}; set it to a name in lower case, without https:// and path, such as status.example.com.`,
  },
  {
    holds: ({ props: { domain } }) => domain === undefined || isWithin(domain),
    sentence: ({ props: { domain } }) =>
      `domain.domainName is ${domain?.domainName}, outside of its hosted zone; give a zone of ${domain?.domainName}, or leave out domain.hostedZone and make the records yourself.`,
  },
  {
    holds: ({ props: { domain }, region }) =>
      region === undefined || [undefined, region].includes(regionOf(domain?.certificate)),
    sentence: ({ props, region }) =>
      `domain.certificate is in ${regionOf(props.domain?.certificate)}; give one of ${region}, the region of the stack, where API Gateway looks for it.`,
  },
  {
    holds: ({ props: { domain } }) =>
      [undefined, edgeRegion].includes(regionOf(domain?.pageCertificate ?? domain?.certificate)),
    sentence: ({ props: { domain } }) =>
      `The certificate of the page is in ${regionOf(domain?.pageCertificate ?? domain?.certificate)}; set domain.pageCertificate to one in ${edgeRegion}, where CloudFront looks for it.`,
  },
  {
    holds: ({ settings: { firewall }, region }) =>
      firewall === undefined || firewall.webAclArn !== undefined || region === edgeRegion,
    sentence: ({ region }) =>
      `A web ACL for CloudFront can be made in ${edgeRegion} alone, and the stack goes to ${region ?? 'any region'}; set its region to ${edgeRegion}, or make a Firewall in a stack there and give its ARN in firewall.webAclArn.`,
  },
  {
    holds: ({ settings: { firewall } }) =>
      firewall?.webAclArn === undefined || firewall.requestsPerAddress === undefined,
    sentence: () =>
      'Leave out firewall.requestsPerAddress or firewall.webAclArn: a web ACL that is there already has its own rates.',
  },
];
