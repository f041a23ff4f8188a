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
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
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

  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.removalPolicy = settings.removeDataOnDelete ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
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
    this.deadLetters = this.bucket(settings);
    this.canarySecret = this.secret();
  }

  /** Not kept on deletion: its records live a day, while a forgotten stream costs money each hour. */
  private stream({ shards }: Settings): Stream {
    return new Stream(this, 'Beats', {
      ...(shards === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
      encryption: StreamEncryption.MANAGED,
      retentionPeriod: Duration.hours(24),
      removalPolicy: RemovalPolicy.DESTROY,
    });
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
    return new Table(this, id, {
      partitionKey: shape.partitionKey,
      ...(shape.sortKey && { sortKey: shape.sortKey }),
      ...(shape.expires && { timeToLiveAttribute: 'ttl' }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: !shape.rebuildsItself },
      removalPolicy: this.removalPolicy,
    });
  }

  /** Made by the deployment and never shown: whoever knows it can make as-of move on, though not past a beat. */
  private secret(): Secret {
    return new Secret(this, 'CanarySecret', {
      description: 'Rollcall: shows heartbeat-endpoint that a canary is from session-monitor',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private bucket({ removeDataOnDelete }: Settings): Bucket {
    return new Bucket(this, 'DeadLetters', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(30) }],
      removalPolicy: this.removalPolicy,
      autoDeleteObjects: removeDataOnDelete,
    });
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
