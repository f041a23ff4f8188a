import { refusedSocket, routes } from '../../lambdas/live-feed/contract';
import { synthesized } from './synthesized';

const stack = synthesized();
const feed = '<LiveFeed/Function.Arn>';
const ofFeed = (type: string) =>
  stack.all(type).filter(({ properties }) => properties.ApiId === '<LiveFeed/Api>');

test('messages are told apart by their action', () => {
  expect(stack.the('AWS::ApiGatewayV2::Api', 'LiveFeed/Api').properties).toMatchObject({
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
});

test('its routes are those of the contract', () => {
  const keys = ofFeed('AWS::ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey);
  expect(keys.sort()).toEqual([...routes].sort());
});

test.each(routes)('%s leads to live-feed, which it may call', (routeKey) => {
  const route = ofFeed('AWS::ApiGatewayV2::Route').find(({ properties }) => properties.RouteKey === routeKey);
  const integration = ofFeed('AWS::ApiGatewayV2::Integration').find(
    ({ id }) => route?.properties.Target === `integrations/<${id}>`,
  );
  expect(integration?.properties).toMatchObject({
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: `arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/${feed}/invocations`,
  });
  expect(stack.all('AWS::Lambda::Permission').map(({ properties }) => properties)).toContainEqual({
    Action: 'lambda:InvokeFunction',
    FunctionName: feed,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<LiveFeed/Api>/*${routeKey}`,
  });
});

test('its stage deploys by itself and holds a flood back', () => {
  const [stage, ...others] = ofFeed('AWS::ApiGatewayV2::Stage');
  expect(others).toEqual([]);
  expect(stage?.properties).toMatchObject({
    StageName: 'live',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 500 },
  });
});

test('handshakes that live-feed refuses are counted from its log, those of one deployment apart from another’s', () => {
  expect(stack.only('AWS::Logs::MetricFilter').properties).toMatchObject({
    LogGroupName: '<LiveFeed/FunctionLog>',
    FilterPattern: `{ $.message = "${refusedSocket}" }`,
    MetricTransformations: [
      { MetricNamespace: 'Rollcall/<LiveFeed/Function>', MetricName: 'RefusedSockets', MetricValue: '1' },
    ],
  });
});

test('watchers are told its address', () => {
  expect(stack.outputs().LiveUrl).toBe(
    'wss://<LiveFeed/Api>.execute-api.<AWS::Region>.<AWS::URLSuffix>/live',
  );
});

test('AC3 given origins of pages, then those may open a socket, and so may the stack’s own page', () => {
  const { PAGE_ORIGINS } = synthesized({ pageOrigins: ['https://status.example.com'] }).environmentOf(
    'live-feed',
  );
  expect(JSON.parse(String(PAGE_ORIGINS))).toEqual([
    'https://<OperatorsPage/Distribution.DomainName>',
    'https://status.example.com',
  ]);
});
