import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  type IUserPool,
  Mfa,
  OAuthScope,
  type StandardAttributes,
  StringAttribute,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgements';
import type { Settings, TokenIssuer } from './settings';
import { uniqueSuffix } from './unique-suffix';

/** How the operators' page signs its user in. */
export interface PageSignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The claim that says what its user may do, so that the page offers nothing that would be refused. */
  readonly rightsClaim: string;
}

/** Whose tokens count, and what the page must know to get one. */
export interface TokenAccess {
  /** JSON: the issuers whose tokens are accepted, for a function's environment. */
  readonly issuersVariable: string;
  /** Name of the token claim that holds the rights. */
  readonly claim: string;
  readonly signIn: PageSignIn;
  /** Origins that the page talks to for signing in. */
  readonly origins: readonly string[];
}

/** Of a pool that is only referred to, CDK does not tell it. */
const issuerOf = (pool: IUserPool): string =>
  pool instanceof UserPool
    ? pool.userPoolProviderUrl
    : `https://cognito-idp.${pool.env.region}.${Aws.URL_SUFFIX}/${pool.userPoolId}`;

/** Before the names of a pool's own attributes, in its tokens. */
const custom = 'custom:';

/** OpenID Connect's own scope, and nothing that would need consent to more. */
const scopes = ['openid'];

/** A user pool that is there already. */
export interface ExistingUsers {
  readonly userPool: IUserPool;
  /** Where its sign-in pages are; without one, pages are added to it. */
  readonly signInUrl?: string | undefined;
  /** What each of its users must have, besides what the page's client may write anyway. */
  readonly requiredAttributes?: readonly (keyof StandardAttributes)[] | undefined;
}

/**
 * The issuers of the settings, or a user pool: one that is there, or one that this stack makes.
 * @param pageUrl where the user comes back to after signing in.
 */
export function tokenAccess(
  scope: Construct,
  settings: Settings,
  pageUrl: string,
  existing?: ExistingUsers,
): TokenAccess {
  const [first, ...others] = settings.tokenIssuers ?? [];
  return first === undefined
    ? new Users(scope, 'Users', settings, pageUrl, existing)
    : ownIssuers(scope, [first, ...others], settings.rightsClaim ?? 'rollcall');
}

function ownIssuers(
  scope: Construct,
  issuers: readonly [TokenIssuer, ...TokenIssuer[]],
  claim: string,
): TokenAccess {
  const [first] = issuers;
  return {
    issuersVariable: Stack.of(scope).toJsonString(issuers.map(trusted)),
    claim,
    signIn: { issuer: first.issuer, clientId: first.audience, scopes, rightsClaim: claim },
    origins: [...new Set([new URL(first.issuer).origin, ...(first.signInOrigins ?? [])])],
  };
}

/** What a function needs to judge tokens of an issuer: where the page signs in is nothing to it. */
const trusted = ({ signInOrigins: _, ...issuer }: TokenIssuer): Omit<TokenIssuer, 'signInOrigins'> => issuer;

/**
 * Users whom an administrator adds, for whoever has no issuer of their own. What a user may do is in the attribute
 * `custom:rollcall`, which only an administrator can write.
 */
export class Users extends Construct implements TokenAccess {
  readonly pool: IUserPool;
  readonly issuersVariable: string;
  readonly claim: string;
  readonly signIn: PageSignIn;
  readonly origins: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    settings: Settings,
    pageUrl: string,
    existing: ExistingUsers | undefined,
  ) {
    super(scope, id);
    this.claim = settings.rightsClaim ?? `${custom}rollcall`;
    const pool = existing?.userPool ?? this.ownPool(settings);
    this.pool = pool;
    const signInOrigin = existing?.signInUrl ? new URL(existing.signInUrl).origin : this.hostedPages(pool);
    const returnUrls = [pageUrl, ...(settings.signInUrls ?? [])];
    const client = this.pageClient(pool, returnUrls, existing?.requiredAttributes ?? []);
    // Only an identity token carries the attribute that holds the rights.
    const issuer: TokenIssuer = {
      issuer: issuerOf(pool),
      audience: client.userPoolClientId,
      tokenUse: 'id',
    };
    this.issuersVariable = Stack.of(this).toJsonString([issuer]);
    this.signIn = { issuer: issuer.issuer, clientId: issuer.audience, scopes, rightsClaim: this.claim };
    this.origins = [`https://cognito-idp.${pool.env.region}.${Aws.URL_SUFFIX}`, signInOrigin];
  }

  private ownPool({ removeDataOnDelete }: Settings): UserPool {
    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      // The rights as a JSON string: Cognito knows no objects.
      customAttributes: { rollcall: new StringAttribute({ maxLen: 2_048, mutable: true }) },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      removalPolicy: removeDataOnDelete ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    acknowledge(pool, {
      'AwsSolutions-COG2':
        'Optional: an administrator who must have it asks for it by user; a pool of your own may require it',
      'AwsSolutions-COG8':
        'The plan with threat protection costs $0.02 per user and month; a pool of your own may have it',
    });
    return pool;
  }

  /** @returns their origin. */
  private hostedPages(pool: IUserPool): string {
    // Not added by the pool, whose scope may be another stack.
    return new UserPoolDomain(this, 'Domain', {
      userPool: pool,
      cognitoDomain: { domainPrefix: `rollcall-${uniqueSuffix()}` },
    }).baseUrl();
  }

  /** A public client: a secret in a page would be none, so the code grant is protected by PKCE alone. */
  private pageClient(
    userPool: IUserPool,
    returnUrls: readonly string[],
    required: readonly (keyof StandardAttributes)[],
  ): UserPoolClient {
    return new UserPoolClient(this, 'Page', {
      userPool,
      generateSecret: false,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [...returnUrls],
        logoutUrls: [...returnUrls],
      },
      // Besides the sign-in pages: whoever may administer the pool gets a token by password, on a command line.
      authFlows: { adminUserPassword: true },
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true, fullname: true })
        .withCustomAttributes(...this.attributes()),
      // Named outright: who could write the rights could give themselves any.
      writeAttributes: writable(required),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
      preventUserExistenceErrors: true,
    });
  }

  /** The attribute that holds the rights, unless it is a claim that the pool's own code adds to tokens. */
  private attributes(): readonly string[] {
    return this.claim.startsWith(custom) ? [this.claim.slice(custom.length)] : [];
  }
}

/** Cognito refuses a client that may not write what the pool requires of each user. */
const writable = (required: readonly (keyof StandardAttributes)[]): ClientAttributes =>
  new ClientAttributes().withStandardAttributes({
    fullname: true,
    ...Object.fromEntries(required.map((name) => [name, true])),
  });
