import { routes } from '../../lambdas/status-api/contract';
import { synthesized } from './synthesized';

const stack = synthesized();
const api = '<StatusApi/Function.Arn>';
const ofApi = (type: string) =>
  stack.all(type).filter(({ properties }) => properties.ApiId === '<StatusApi/Api>');

test('its routes are those of the contract, and none for everything else', () => {
  const keys = ofApi('AWS::ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey);
  expect(keys.sort()).toEqual([...routes].sort());
});

test.each(routes)('%s leads to status-api, which it may call', (routeKey) => {
  const route = ofApi('AWS::ApiGatewayV2::Route').find(({ properties }) => properties.RouteKey === routeKey);
  const integration = ofApi('AWS::ApiGatewayV2::Integration').find(
    ({ id }) => route?.properties.Target === `integrations/<${id}>`,
  );
  expect(integration?.properties).toMatchObject({
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: api,
    PayloadFormatVersion: '2.0',
  });
  const [, path] = routeKey.split(' ');
  expect(stack.all('AWS::Lambda::Permission').map(({ properties }) => properties)).toContainEqual({
    Action: 'lambda:InvokeFunction',
    FunctionName: api,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<StatusApi/Api>/*/*${path}`,
  });
});

test('pages of any origin may ask with a token', () => {
  expect(stack.the('AWS::ApiGatewayV2::Api', 'StatusApi/Api').properties.CorsConfiguration).toEqual({
    AllowOrigins: ['*'],
    AllowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    AllowHeaders: ['authorization', 'content-type'],
    ExposeHeaders: ['retry-after'],
    MaxAge: 7_200,
  });
});

test('its stage deploys by itself and holds a flood back', () => {
  const [stage] = ofApi('AWS::ApiGatewayV2::Stage');
  expect(stage?.properties).toMatchObject({
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 },
  });
});

test('clients are told its address, without a slash at the end', () => {
  expect(stack.outputs().ApiUrl).toBe('<StatusApi/Api.ApiEndpoint>');
});
