import { Fn } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  type DistributionProps,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgements';
import { aliasRecords, type DomainPart, nameOf, type RollcallDomain } from './domain';

/** What stands before everything that is called from outside. */
export interface Frontage {
  readonly domain?: RollcallDomain | undefined;
  /** The web ACL of the firewall. */
  readonly webAclArn?: string | undefined;
}

/** CloudFront with a firewall before a function URL or an API, of which it caches nothing. */
export class Edge extends Construct {
  /** Without a slash at the end. */
  readonly url: string;

  /** @param originUrl what is behind it; its path is not looked at. */
  constructor(
    scope: Construct,
    id: string,
    { domain, webAclArn }: Frontage,
    part: DomainPart,
    originUrl: string,
  ) {
    super(scope, id);
    const name = domain && nameOf(domain, part);
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Rollcall: firewall before ${part}`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      ...viewerNames(domain, name),
      defaultBehavior: {
        origin: new HttpOrigin(hostOf(originUrl), { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // Without Host: function URLs and API Gateway answer to their own names only.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      },
    });
    acknowledgeDistribution(distribution, { domain, webAclArn });
    if (domain && name) aliasRecords(this, domain, name, new CloudFrontTarget(distribution));
    this.url = `https://${name ?? distribution.distributionDomainName}`;
  }
}

/** The name that a distribution also answers to, with the certificate for it. */
export const viewerNames = (
  domain: RollcallDomain | undefined,
  name: string | undefined,
): Pick<DistributionProps, 'domainNames' | 'certificate' | 'minimumProtocolVersion'> =>
  domain === undefined || name === undefined
    ? {}
    : {
        domainNames: [name],
        certificate: domain.pageCertificate ?? domain.certificate,
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      };

/** What cdk-nag asks of distributions and is answered here. */
export function acknowledgeDistribution(distribution: Distribution, { domain, webAclArn }: Frontage): void {
  acknowledge(distribution, {
    'AwsSolutions-CFR1': 'Operators and front ends may be in any country',
    'AwsSolutions-CFR3':
      'The page holds nothing that is secret, and requests are counted and logged by the functions behind; logs here would only collect addresses of people',
    ...(domain === undefined && {
      'AwsSolutions-CFR4':
        "CloudFront's own name takes any certificate policy but one of ours; a domain (props) has TLS 1.2",
    }),
    ...(webAclArn === undefined && {
      'AwsSolutions-CFR2': 'Static files only; the setting firewall puts a web ACL before them',
    }),
  });
}

/** The host of a URL that is known only to CloudFormation. */
const hostOf = (url: string): string => Fn.select(2, Fn.split('/', url));
