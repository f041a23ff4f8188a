import { readFileSync } from 'node:fs';
import { ConfigurationRefused } from '../core/errors';

interface Listing {
  readonly StackResourceSummaries?: readonly {
    readonly LogicalResourceId: string;
    readonly PhysicalResourceId: string;
    readonly ResourceType: string;
  }[];
}

/** What `aws cloudformation list-stack-resources` printed of a stack with Rollcall in it. */
export class StackResources {
  private constructor(
    private readonly file: string,
    private readonly listing: Listing,
  ) {}

  /** @throws ConfigurationRefused when the file cannot be read as that */
  static in(file: string): StackResources {
    try {
      return new StackResources(file, JSON.parse(readFileSync(file, 'utf8')) as Listing);
    } catch (error) {
      throw new ConfigurationRefused(
        `${file} cannot be read: ${error instanceof Error ? error.message : error}.`,
      );
    }
  }

  /**
   * The name of a table by that of its construct, such as `Sessions`.
   * @throws ConfigurationRefused when there is none
   */
  table(construct: string): string {
    return this.named('AWS::DynamoDB::Table', construct);
  }

  /** The same of a bucket. */
  bucket(construct: string): string {
    return this.named('AWS::S3::Bucket', construct);
  }

  /** A logical id ends with the names of the constructs that it is in, and a hash of its path. */
  private named(type: string, construct: string): string {
    const logicalId = new RegExp(`Data${construct}[0-9A-F]{8}$`);
    const found = this.listing.StackResourceSummaries?.find(
      ({ ResourceType, LogicalResourceId }) => ResourceType === type && logicalId.test(LogicalResourceId),
    );
    if (found !== undefined) return found.PhysicalResourceId;
    throw new ConfigurationRefused(`${this.file} lists no ${construct} of a Rollcall.`);
  }
}
