import { AssetHashType, DockerImage, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from './acknowledgements';
import { aliasRecords } from './domain';
import { acknowledgeDistribution, type Frontage, viewerNames } from './frontage';
import type { PageSignIn } from './identity';
import { uniqueSuffix } from './unique-suffix';

/** Builds the page's files into a directory, at synth time. */
export type BuildPage = (outDir: string) => void;

/** What the page and the browser library find in `config.json`. */
export interface PageConfig {
  readonly heartbeatUrl: string;
  readonly apiUrl: string;
  readonly liveUrl: string;
  readonly auth: PageSignIn;
}

export interface Publication {
  readonly buildPage: BuildPage;
  readonly config: PageConfig;
  /** Origins that the page may talk to, besides its own. */
  readonly connectTo: readonly string[];
}

/** CDK asks for a directory to take from; all of the page comes from what builds it. */
const nothing = __dirname;

const deployerReason = "CDK's own function for filling buckets, which runs during a deployment only";
const deployerFindings = [
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  'AwsSolutions-L1',
  'Serverless-LambdaDLQ',
  'Serverless-LambdaLatestVersion',
  'Serverless-LambdaTracing',
];

/** The page that operators watch: a private bucket that only its CloudFront distribution can read. */
export class OperatorsPage extends Construct {
  readonly url: string;
  /** What browsers call it when they say which page asks. */
  readonly origin: string;

  private readonly files: IBucket;
  private readonly distribution: Distribution;
  private connectTo: readonly string[] = [];

  constructor(scope: Construct, id: string, frontage: Frontage = {}) {
    super(scope, id);
    const { domain, webAclArn } = frontage;
    // Not kept on deletion: the next deployment builds everything in it again.
    this.files = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
      // CDK is compiled without exactOptionalPropertyTypes, hence the cast.
    }) as IBucket;
    acknowledge(this.files, {
      'AwsSolutions-S1': 'CloudFront alone reads it, and what is in it is public',
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'Rollcall: the page of the operators',
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      ...viewerNames(domain, domain?.domainName),
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.files, {
          originAccessControl: new S3OriginAccessControl(this, 'Access', {
            originAccessControlName: `rollcall-${uniqueSuffix()}`,
          }),
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: this.headers(),
        compress: true,
      },
    });
    acknowledgeDistribution(this.distribution, frontage);
    if (domain) aliasRecords(this, domain, domain.domainName, new CloudFrontTarget(this.distribution));
    this.origin = `https://${domain?.domainName ?? this.distribution.distributionDomainName}`;
    this.url = `${this.origin}/`;
  }

  /** Fills the page; apart from the constructor, since APIs and sign-in must know its address before. */
  publish({ buildPage, config, connectTo }: Publication): void {
    this.connectTo = connectTo;
    new BucketDeployment(this, 'Deployment', {
      destinationBucket: this.files,
      sources: [pageSource(buildPage), Source.jsonData('config.json', config)],
      distribution: this.distribution,
      // The files are small, and a page left over from before would not fit the API of today.
      cacheControl: [CacheControl.noCache()],
      // A page that is open loads a view when that is first looked at, from a file whose name holds its hash: with the files of the
      // deployment before deleted, it could not. What stays is some hundred KB for each release.
      prune: false,
    });
    this.acknowledgeDeployer();
  }

  /** The function that fills buckets is CDK's, one for the whole stack, and runs during a deployment only. */
  private acknowledgeDeployer(): void {
    const deployers = Stack.of(this).node.children.filter(({ node }) =>
      node.id.startsWith('Custom::CDKBucketDeployment'),
    );
    for (const deployer of deployers) {
      acknowledgeWildcards(deployer, deployerReason);
      acknowledge(deployer, Object.fromEntries(deployerFindings.map((id) => [id, deployerReason])));
    }
  }

  private headers(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: `rollcall-${uniqueSuffix()}`,
      comment: 'Rollcall: the page of the operators',
      securityHeadersBehavior: {
        contentSecurityPolicy: {
          // Known only once the page is published, when everything that it talks to exists.
          contentSecurityPolicy: Lazy.string({ produce: () => contentSecurityPolicy(this.connectTo) }),
          override: true,
        },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(730),
          includeSubdomains: true,
          override: true,
        },
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      },
    });
  }
}

/** What the page may load and do; @param connectTo origins besides its own */
export const contentSecurityPolicy = (connectTo: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...connectTo].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    // Nothing becomes a script but by the one policy of the page, for its worker.
    "require-trusted-types-for 'script'",
    'trusted-types rollcall-worker',
  ].join('; ');

/** Built on this machine, always; the hash is that of the result, since the page is also made of code outside `web/`. */
const pageSource = (buildPage: BuildPage): ISource =>
  Source.asset(nothing, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle: (outDir) => {
          buildPage(outDir);
          return true;
        },
      },
    },
  });
