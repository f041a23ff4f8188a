import { synthesized } from './synthesized';

const endpoint = '<HeartbeatEndpoint/Function.Arn>';

describe('given a function URL as the front door', () => {
  const stack = synthesized({ allowedOrigins: ['https://app.example.com'] });

  test('it leads to heartbeat-endpoint, which verifies tokens itself', () => {
    expect(stack.only('AWS::Lambda::Url').properties).toMatchObject({
      TargetFunctionArn: endpoint,
      AuthType: 'NONE',
    });
  });

  test('everybody may call the URL, and the function through nothing but the URL', () => {
    const grants = stack
      .all('AWS::Lambda::Permission')
      .map(({ properties }) => properties)
      .filter(({ FunctionName }) => FunctionName === endpoint);
    expect(grants).toEqual([
      {
        Action: 'lambda:InvokeFunctionUrl',
        FunctionName: endpoint,
        FunctionUrlAuthType: 'NONE',
        Principal: '*',
      },
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: endpoint,
        InvokedViaFunctionUrl: true,
        Principal: '*',
      },
    ]);
  });

  test('browsers on the allowed origins may post a token and see when to try again', () => {
    expect(stack.only('AWS::Lambda::Url').properties.Cors).toEqual({
      AllowOrigins: ['https://app.example.com'],
      AllowMethods: ['POST'],
      AllowHeaders: ['authorization', 'content-type'],
      ExposeHeaders: ['retry-after'],
      MaxAge: 7_200,
    });
  });

  test('front ends are told its address', () => {
    expect(stack.outputs().HeartbeatUrl).toBe('<HeartbeatEndpoint/Url.FunctionUrl>');
  });
});

describe('given an HTTP API as the front door', () => {
  const stack = synthesized({ frontDoor: 'http-api' });
  const api = stack.the('AWS::ApiGatewayV2::Api', 'HeartbeatEndpoint/Api');
  const ofApi = (type: string) =>
    stack.all(type).filter(({ properties }) => properties.ApiId === '<HeartbeatEndpoint/Api>');

  test('there is no function URL beside it', () => {
    expect(stack.all('AWS::Lambda::Url')).toEqual([]);
  });

  test('POST /heartbeat is its only route and leads to heartbeat-endpoint', () => {
    const [integration, ...otherIntegrations] = ofApi('AWS::ApiGatewayV2::Integration');
    const routes = ofApi('AWS::ApiGatewayV2::Route').map(({ properties }) => properties);
    expect(otherIntegrations).toEqual([]);
    expect(integration?.properties).toMatchObject({ IntegrationUri: endpoint, PayloadFormatVersion: '2.0' });
    expect(routes).toMatchObject([
      { RouteKey: 'POST /heartbeat', Target: `integrations/<${integration?.id}>` },
    ]);
  });

  test('only this API may call the function', () => {
    const grants = stack
      .all('AWS::Lambda::Permission')
      .map(({ properties }) => properties)
      .filter(({ FunctionName }) => FunctionName === endpoint);
    expect(grants).toMatchObject([
      {
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn:
          'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<HeartbeatEndpoint/Api>/*/*/heartbeat',
      },
    ]);
  });

  test('browsers get the same answers across origins as from a function URL', () => {
    expect(api.properties.CorsConfiguration).toEqual({
      AllowOrigins: ['*'],
      AllowMethods: ['POST'],
      AllowHeaders: ['authorization', 'content-type'],
      ExposeHeaders: ['retry-after'],
      MaxAge: 7_200,
    });
  });

  test('a storm of beats leaves some of the account’s requests to the operators', () => {
    const [stage] = ofApi('AWS::ApiGatewayV2::Stage');
    expect(stage?.properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 8_000, ThrottlingBurstLimit: 4_000 },
    });
  });

  test('front ends are told its address', () => {
    expect(stack.outputs().HeartbeatUrl).toBe('<HeartbeatEndpoint/Api.ApiEndpoint>/heartbeat');
  });
});
