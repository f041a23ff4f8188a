import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { synthesized, synthesizedIn } from './synthesized';

const page = 'https://<OperatorsPage/Distribution.DomainName>/';
const issuer = { issuer: 'https://id.example.com/realms/rollcall', audience: 'page' };

const authOf = (stack: ReturnType<typeof synthesized>) =>
  JSON.parse(stack.deployed('config.json') ?? '{}').auth;

describe('given no issuer', () => {
  const stack = synthesized();
  const client = stack.only('AWS::Cognito::UserPoolClient').properties;

  test('the stack makes a user pool to which only administrators add users', () => {
    expect(stack.only('AWS::Cognito::UserPool').properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Schema: [{ Name: 'rollcall', AttributeDataType: 'String', Mutable: true }],
    });
  });

  test('a user can read the own rights and never write them', () => {
    expect(client.ReadAttributes).toContain('custom:rollcall');
    expect(client.WriteAttributes).toEqual(['name']);
  });

  test('the page signs in as a public client with a code grant', () => {
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      CallbackURLs: [page],
      LogoutURLs: [page],
      SupportedIdentityProviders: ['COGNITO'],
    });
  });

  test('a password alone gives a token only to whoever may administer the pool', () => {
    expect(client.ExplicitAuthFlows).toEqual(['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']);
  });

  test('users may come back to apps that are named, besides the page', () => {
    const { properties } = synthesized({ signInUrls: ['http://localhost:3000/'] }).only(
      'AWS::Cognito::UserPoolClient',
    );
    expect(properties.CallbackURLs).toEqual([page, 'http://localhost:3000/']);
  });

  test('the sign-in pages have a prefix that no other stack has', () => {
    const { Domain } = stack.only('AWS::Cognito::UserPoolDomain').properties;
    expect(Domain).toMatch(/^rollcall-.*<AWS::StackId>/);
  });

  test.each(['heartbeat-endpoint', 'status-api'] as const)('%s accepts the tokens of that pool', (stage) => {
    expect(stack.environmentOf(stage)).toMatchObject({
      TOKEN_ISSUERS: '[{"issuer":"<Users/Pool.ProviderURL>","audience":"<Users/Page>","tokenUse":"id"}]',
      RIGHTS_CLAIM: 'custom:rollcall',
    });
  });

  test('the page is told how to sign in there', () => {
    expect(authOf(stack)).toEqual({
      issuer: '<Users/Pool.ProviderURL>',
      clientId: '<Users/Page>',
      scopes: ['openid'],
      rightsClaim: 'custom:rollcall',
    });
  });
});

describe('given a user pool that requires attributes of its users', () => {
  const client = synthesizedIn((theirs) => ({
    userPool: new UserPool(theirs, 'Pool', {
      standardAttributes: { email: { required: true }, familyName: { required: true } },
    }),
    userPoolRequiredAttributes: ['email', 'familyName'],
  })).only('AWS::Cognito::UserPoolClient').properties;

  test('then the client of the page may write them, without which Cognito refuses it, and still not the rights', () => {
    expect([...(client.WriteAttributes as string[])].sort()).toEqual(['email', 'family_name', 'name']);
  });
});

describe('given issuers', () => {
  const other = {
    issuer: 'http://localhost:9000',
    audience: 'apps',
    tokenUse: 'access',
    jwksUri: 'http://localhost:9000/jwks',
  };
  const stack = synthesized({ tokenIssuers: [issuer, other], rightsClaim: 'https://example.com/rollcall' });

  test('the stack makes no user pool', () => {
    expect(stack.all('AWS::Cognito::UserPool')).toEqual([]);
  });

  test.each(['heartbeat-endpoint', 'status-api'] as const)('%s accepts the tokens of each', (stage) => {
    const { TOKEN_ISSUERS, RIGHTS_CLAIM } = stack.environmentOf(stage);
    expect(JSON.parse(String(TOKEN_ISSUERS))).toEqual([issuer, other]);
    expect(RIGHTS_CLAIM).toBe('https://example.com/rollcall');
  });

  test('the page signs in at the first', () => {
    expect(authOf(stack)).toEqual({
      issuer: issuer.issuer,
      clientId: 'page',
      scopes: ['openid'],
      rightsClaim: 'https://example.com/rollcall',
    });
  });
});

describe('given an issuer that gives out tokens at another origin', () => {
  const signInOrigins = ['https://clinics.auth.eu-west-1.amazoncognito.com'];
  const cognito = {
    issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE',
    audience: 'page',
    tokenUse: 'id',
  };
  const stack = synthesized({ tokenIssuers: [{ ...cognito, signInOrigins }] });

  test('then the page may talk to both', () => {
    expect(JSON.stringify(stack.only('AWS::CloudFront::ResponseHeadersPolicy').properties)).toContain(
      `https://cognito-idp.eu-west-1.amazonaws.com ${signInOrigins[0]};`,
    );
  });

  test.each(['heartbeat-endpoint', 'status-api'] as const)('then %s is told nothing of it', (stage) => {
    expect(JSON.parse(String(stack.environmentOf(stage).TOKEN_ISSUERS))).toEqual([cognito]);
  });
});
