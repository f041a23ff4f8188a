import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { FirewallOptions } from './settings';

/** An office with 2,000 front ends behind one address, which beat every 30 s. */
const requestsPerAddress = 20_000;

/**
 * Lists that AWS keeps. Not among them: its common rules, which refuse bodies over 8 KB and texts that look like markup, and a
 * heartbeat may have both; what it may hold is checked by the handlers.
 */
const managedLists = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet'];

/** A web ACL for CloudFront; it can be made in us-east-1 alone. */
export class Firewall extends Construct {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, options: FirewallOptions = {}) {
    super(scope, id);
    const { attrArn } = new CfnWebACL(this, 'WebAcl', {
      description: 'Rollcall: before heartbeats, API and page',
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: seenAs('Rollcall'),
      rules: [
        rateRule(options.requestsPerAddress ?? requestsPerAddress),
        ...managedLists.map((name, index) => listRule(name, index + 1)),
      ],
    });
    this.webAclArn = attrArn;
  }
}

const rateRule = (limit: number): CfnWebACL.RuleProperty => ({
  name: 'RequestsPerAddress',
  priority: 0,
  action: { block: {} },
  statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP' } },
  visibilityConfig: seenAs('RequestsPerAddress'),
});

const listRule = (name: string, priority: number): CfnWebACL.RuleProperty => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
  visibilityConfig: seenAs(name),
});

const seenAs = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});
