import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  Mfa,
  OAuthScope,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Settings, TokenIssuer } from './settings';
import { uniqueSuffix } from './unique-suffix';

/** How the operators' page signs its user in. */
export interface PageSignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
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

/** OpenID Connect's own scope, and nothing that would need consent to more. */
const scopes = ['openid'];

/**
 * The issuers of the settings, or a user pool that this stack makes.
 * @param pageUrl where the user comes back to after signing in.
 */
export function tokenAccess(scope: Construct, settings: Settings, pageUrl: string): TokenAccess {
  const [first, ...others] = settings.tokenIssuers ?? [];
  return first === undefined
    ? new OwnUsers(scope, 'Users', settings, pageUrl)
    : ownIssuers(scope, [first, ...others], settings.rightsClaim ?? 'rollcall');
}

function ownIssuers(
  scope: Construct,
  issuers: readonly [TokenIssuer, ...TokenIssuer[]],
  claim: string,
): TokenAccess {
  const [first] = issuers;
  return {
    issuersVariable: Stack.of(scope).toJsonString(issuers),
    claim,
    signIn: { issuer: first.issuer, clientId: first.audience, scopes },
    origins: [new URL(first.issuer).origin],
  };
}

/**
 * Users whom an administrator adds, for whoever has no issuer of their own. What a user may do is in the attribute
 * `custom:rollcall`, which only an administrator can write.
 */
class OwnUsers extends Construct implements TokenAccess {
  readonly issuersVariable: string;
  readonly claim = 'custom:rollcall';
  readonly signIn: PageSignIn;
  readonly origins: readonly string[];

  constructor(scope: Construct, id: string, settings: Settings, pageUrl: string) {
    super(scope, id);
    const pool = this.pool(settings);
    const domain = this.hostedPages(pool);
    const client = this.pageClient(pool, pageUrl);
    // Only an identity token carries the attribute that holds the rights.
    const issuer: TokenIssuer = {
      issuer: pool.userPoolProviderUrl,
      audience: client.userPoolClientId,
      tokenUse: 'id',
    };
    this.issuersVariable = Stack.of(this).toJsonString([issuer]);
    this.signIn = { issuer: issuer.issuer, clientId: issuer.audience, scopes };
    this.origins = [`https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`, domain.baseUrl()];
  }

  private pool({ removeDataOnDelete }: Settings): UserPool {
    return new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      // The rights as a JSON string: Cognito knows no objects.
      customAttributes: { rollcall: new StringAttribute({ maxLen: 2_048, mutable: true }) },
      passwordPolicy: { minLength: 12 },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      removalPolicy: removeDataOnDelete ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }

  private hostedPages(pool: UserPool): UserPoolDomain {
    return pool.addDomain('Domain', { cognitoDomain: { domainPrefix: `rollcall-${uniqueSuffix()}` } });
  }

  /** A public client: a secret in a page would be none, so the code grant is protected by PKCE alone. */
  private pageClient(pool: UserPool, pageUrl: string): UserPoolClient {
    return pool.addClient('Page', {
      generateSecret: false,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [pageUrl],
        logoutUrls: [pageUrl],
      },
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true, fullname: true })
        .withCustomAttributes('rollcall'),
      // Named outright: who could write the rights could give themselves any.
      writeAttributes: new ClientAttributes().withStandardAttributes({ fullname: true }),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
      preventUserExistenceErrors: true,
    });
  }
}
