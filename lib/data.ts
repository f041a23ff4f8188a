import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgements';
import type { RollcallFunction } from './rollcall-function';
import { streamRetentionSeconds } from './setting-relations';
import type { Settings } from './settings';

interface TableShape {
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
  /** Whether rows carry `ttl`, after which DynamoDB may delete them. */
  readonly expires: boolean;
  /** Whether front ends and operators bring the rows back by themselves within minutes. */
  readonly rebuildsItself: boolean;
}

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
const number = (name: string): Attribute => ({ name, type: AttributeType.NUMBER });

/** Where Rollcall keeps what it knows: the stream of heartbeats, eight tables, and a bucket for what nobody could read. */
export class Data extends Construct {
  readonly beats: Stream;
  /** One row per open session; rows that renewals leave alone are also found by user. */
  readonly sessions: Table;
  readonly facilities: Table;
  /** Per facility its users, and its latest presence events. */
  readonly presence: Table;
  /** Per region the head, the mark and the cursors, each an item of its own. */
  readonly regions: Table;
  /** The change log, from which sinks and late watchers are served. */
  readonly changes: Table;
  /** The history of each facility. */
  readonly transitions: Table;
  /** Tickets, open sockets and who is subscribed to what. */
  readonly connections: Table;
  /** How far everything is processed, and what may be claimed of it. */
  readonly watermarks: Table;
  readonly deadLetters: Bucket;
  /** By which the endpoint knows the session monitor's canaries. */
  readonly canarySecret: Secret;
  /** What encrypts all of it; undefined where that is left to the keys that AWS keeps for the account. */
  readonly encryptionKey: IKey | undefined;

  /** All of them. */
  readonly tables: readonly Table[];

  private readonly removalPolicy: RemovalPolicy;
  private readonly recoverable: boolean;

  /** @param encryptionKey one that is there already. */
  constructor(scope: Construct, id: string, settings: Settings, encryptionKey?: IKey) {
    super(scope, id);
    this.removalPolicy = settings.removeDataOnDelete ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.recoverable = settings.pointInTimeRecovery;
    this.encryptionKey =
      encryptionKey ?? (settings.encryption === 'customer-managed' ? this.key() : undefined);
    this.beats = this.stream(settings);
    this.sessions = this.sessionTable();
    this.facilities = this.table('Facilities', committed('region', text('facility')));
    this.presence = this.table('Presence', { ...committed('facility', text('item')), expires: true });
    this.regions = this.table('Regions', committed('region', text('item')));
    this.changes = this.table('Changes', { ...committed('region', number('seq')), expires: true });
    this.transitions = this.table('Transitions', { ...committed('facility', text('at')), expires: true });
    this.connections = this.table('Connections', passing('topic', text('connectionId')));
    this.watermarks = this.table('Watermarks', {
      partitionKey: text('source'),
      expires: true,
      rebuildsItself: true,
    });
    this.tables = [
      this.sessions,
      this.facilities,
      this.presence,
      this.regions,
      this.changes,
      this.transitions,
      this.connections,
      this.watermarks,
    ];
    this.deadLetters = this.bucket(settings);
    this.canarySecret = this.secret();
  }

  /** Lets a function read and write what is encrypted; what it may read and write is said elsewhere. */
  allowKey(to: RollcallFunction): void {
    if (this.encryptionKey === undefined) return;
    // DynamoDB asks for all of them, whatever is done (DynamoDB guide, "Managing encrypted tables").
    to.allowKey(
      this.encryptionKey,
      ['dynamodb', 'kinesis', 's3', 'secretsmanager'],
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    );
  }

  private key(): Key {
    return new Key(this, 'Key', {
      description: 'Rollcall: encrypts what it stores',
      enableKeyRotation: true,
      removalPolicy: this.removalPolicy,
    });
  }

  /** Not kept on deletion: its records live a day, while a forgotten stream costs money each hour. */
  private stream({ shards }: Settings): Stream {
    const stream = new Stream(this, 'Beats', {
      ...(shards === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
      ...(this.encryptionKey === undefined
        ? { encryption: StreamEncryption.MANAGED }
        : { encryption: StreamEncryption.KMS, encryptionKey: this.encryptionKey }),
      retentionPeriod: Duration.seconds(streamRetentionSeconds),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    if (this.encryptionKey)
      acknowledge(stream, { 'AwsSolutions-KDS3': 'The key is the one that the props ask for' });
    return stream;
  }

  private sessionTable(): Table {
    const sessions = this.table('Sessions', passing('bucket', text('session')));
    // Keys only, none of which a renewal changes: a renewal then costs no second write in the index.
    sessions.addGlobalSecondaryIndex({
      indexName: 'byUser',
      partitionKey: text('user'),
      sortKey: text('bucket'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return sessions;
  }

  private table(id: string, shape: TableShape): Table {
    const pointInTimeRecoveryEnabled = this.recoverable && !shape.rebuildsItself;
    const table = new Table(this, id, {
      partitionKey: shape.partitionKey,
      ...(shape.sortKey && { sortKey: shape.sortKey }),
      ...(shape.expires && { timeToLiveAttribute: 'ttl' }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(this.encryptionKey === undefined
        ? { encryption: TableEncryption.AWS_MANAGED }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: this.encryptionKey }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled },
      removalPolicy: this.removalPolicy,
    });
    if (!pointInTimeRecoveryEnabled) acknowledge(table, { 'AwsSolutions-DDB3': whyNotRecoverable(shape) });
    return table;
  }

  /** Made by the deployment and never shown: whoever knows it can make as-of move on, though not past a beat. */
  private secret(): Secret {
    const secret = new Secret(this, 'CanarySecret', {
      description: 'Rollcall: shows heartbeat-endpoint that a canary is from session-monitor',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      ...(this.encryptionKey && { encryptionKey: this.encryptionKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'Both functions keep it for as long as they run: changed under them, canaries would be refused and as-of would stand still',
    });
    return secret;
  }

  private bucket({ removeDataOnDelete }: Settings): Bucket {
    const bucket = new Bucket(this, 'DeadLetters', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      ...(this.encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: this.encryptionKey, bucketKeyEnabled: true }),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(30) }],
      removalPolicy: this.removalPolicy,
      autoDeleteObjects: removeDataOnDelete,
    });
    acknowledge(bucket, {
      'AwsSolutions-S1':
        'One function writes to it; whoever reads it needs a permission that Rollcall gives nobody',
    });
    return bucket;
  }
}

/** A table that commits write: one transaction touches several, so that only all of them restored together agree. */
const committed = (partitionKey: string, sortKey: Attribute): TableShape => ({
  partitionKey: text(partitionKey),
  sortKey,
  expires: false,
  rebuildsItself: false,
});

/** A table of what is open right now: the next beats and reconnects fill it again. */
const passing = (partitionKey: string, sortKey: Attribute): TableShape => ({
  partitionKey: text(partitionKey),
  sortKey,
  expires: true,
  rebuildsItself: true,
});

const whyNotRecoverable = ({ rebuildsItself }: TableShape): string =>
  rebuildsItself
    ? 'Front ends and operators fill it again within minutes'
    : 'The setting pointInTimeRecovery says so';
