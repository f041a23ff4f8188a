import { CfnOutput } from 'aws-cdk-lib';
import { checkedApp } from '../../../bin/checked-app';
import { environmentStack } from '../../../lib/environment';
import { environments } from './environments';

const app = checkedApp();

for (const [name, environment] of Object.entries(environments)) {
  const stack = environmentStack(app, name, environment);
  const { firewall } = stack.rollcall;
  if (firewall) new CfnOutput(stack, 'WebAclArn', { value: firewall.webAclArn });
}
