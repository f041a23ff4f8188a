import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Users } from './identity';
import { Rollcall } from './rollcall';
import type { RollcallProps } from './rollcall-props';

export interface RollcallStackProps extends RollcallProps, StackProps {}

/** Rollcall as a stack of its own; its outputs are what front ends, operators and core systems must be told. */
export class RollcallStack extends Stack {
  readonly rollcall: Rollcall;

  constructor(scope: Construct, id: string, props: RollcallStackProps = {}) {
    super(scope, id, {
      description: 'Rollcall: which facilities are online, from heartbeats to the page of the operators',
      ...props,
    });
    const rollcall = new Rollcall(this, 'Rollcall', props);
    this.rollcall = rollcall;
    this.output('HeartbeatUrl', rollcall.endpoint.url, 'Where front ends post heartbeats');
    this.output('ApiUrl', rollcall.api.url, 'Base of the status API');
    this.output('LiveUrl', rollcall.feed.url, 'Live feed (WebSocket)');
    this.output('PageUrl', rollcall.page.url, 'Where operators watch');
    if (rollcall.operations) {
      this.output('AlarmTopicArn', rollcall.operations.topic.topicArn, 'Subscribe to it to hear of alarms');
    }
    this.output('EventBusName', rollcall.sessionMonitor.events.eventBusName, 'Bus of status events');
    if (rollcall.access instanceof Users) {
      this.output('UserPoolId', rollcall.access.pool.userPoolId, 'Where users and their rights are');
      this.output(
        'ClientId',
        rollcall.access.signIn.clientId,
        'Client of that pool for front ends and the page',
      );
    }
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
