import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Rollcall, type RollcallProps } from './rollcall';

export interface RollcallStackProps extends RollcallProps, StackProps {}

/** Rollcall as a stack of its own; its outputs are what front ends, operators and core systems must be told. */
export class RollcallStack extends Stack {
  constructor(scope: Construct, id: string, props: RollcallStackProps) {
    super(scope, id, {
      ...props,
      description: 'Rollcall: which facilities are online, from heartbeats to the page of the operators',
    });
    const rollcall = new Rollcall(this, 'Rollcall', props);
    this.output('HeartbeatUrl', rollcall.endpoint.url, 'Where front ends post heartbeats');
    this.output('ApiUrl', rollcall.api.url, 'Base of the status API');
    this.output('LiveUrl', rollcall.feed.url, 'Live feed (WebSocket)');
    this.output('PageUrl', rollcall.page.url, 'Where operators watch');
    this.output('EventBusName', rollcall.sessionMonitor.events.eventBusName, 'Bus of status events');
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
