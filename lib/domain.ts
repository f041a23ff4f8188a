import type { HttpApi, IStage, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ApiMapping, DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AaaaRecord,
  ARecord,
  type IAliasRecordTarget,
  type IHostedZone,
  RecordTarget,
} from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

/** A domain of one's own: the page is at it, API, live feed and heartbeats at names below it. */
export interface RollcallDomain {
  /** The name of the operators' page, such as `status.example.com`. The others are `api.`, `live.` and `beats.` before it. */
  readonly domainName: string;
  /** Certificate for `*.<domainName>`, in the region of the stack. */
  readonly certificate: ICertificate;
  /**
   * Certificate for `<domainName>`, and given a firewall for `*.<domainName>` too, in us-east-1, where CloudFront looks for it.
   * @default `certificate`, which must then be in us-east-1 and also name `<domainName>`
   */
  readonly pageCertificate?: ICertificate;
  /**
   * Where the records of these names are made.
   * @default none are made; make CNAME records for them
   */
  readonly hostedZone?: IHostedZone;
}

/** The names below the page's, one for each that is called. */
export type DomainPart = 'api' | 'live' | 'beats';

export const nameOf = ({ domainName }: RollcallDomain, part: DomainPart): string => `${part}.${domainName}`;

/** A name of one's own before an API of API Gateway. */
export class ApiDomain extends Construct {
  constructor(
    scope: Construct,
    id: string,
    domain: RollcallDomain,
    part: DomainPart,
    to: { readonly api: HttpApi | WebSocketApi; readonly stage: IStage },
  ) {
    super(scope, id);
    const name = new DomainName(this, 'Name', {
      domainName: nameOf(domain, part),
      certificate: domain.certificate,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new ApiMapping(this, 'Mapping', { api: to.api, domainName: name, stage: to.stage });
    const target = new ApiGatewayv2DomainProperties(name.regionalDomainName, name.regionalHostedZoneId);
    aliasRecords(this, domain, nameOf(domain, part), target);
  }
}

/** The records of a name, where a zone is given to make them in. */
export function aliasRecords(
  scope: Construct,
  { hostedZone: zone }: RollcallDomain,
  recordName: string,
  to: IAliasRecordTarget,
): void {
  if (zone === undefined) return;
  const target = RecordTarget.fromAlias(to);
  // With a dot at the end: CDK would otherwise append the zone's name, where that is not known before the deployment.
  const props = { zone, recordName: `${recordName}.`, target };
  new ARecord(scope, 'Ipv4', props);
  new AaaaRecord(scope, 'Ipv6', props);
}
