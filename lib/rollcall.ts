import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ConfigurationRefused } from '../core/errors';
import { eventSource } from '../core/events';
import { Data } from './data';
import { Firewall } from './firewall';
import type { Frontage } from './frontage';
import { HeartbeatEndpoint } from './heartbeat-endpoint';
import { HeartbeatMonitor } from './heartbeat-monitor';
import { type ExistingUsers, type TokenAccess, tokenAccess, Users } from './identity';
import { LiveFeed } from './live-feed';
import { type OperatedParts, Operations } from './operations';
import { OperatorsPage } from './operators-page';
import type { RollcallFunction } from './rollcall-function';
import { rollcallPage } from './rollcall-page';
import { type RollcallProps, settingsOf } from './rollcall-props';
import { SessionMonitor } from './session-monitor';
import type { Settings } from './settings';
import type { Stage } from './stage';
import { StatusApi } from './status-api';
import { StatusDestination } from './status-destination';

/** What Rollcall publishes on its event bus. */
export type StatusEvent = 'FacilityStatusChanged' | 'RegionStatusChanged';

/**
 * The whole of Rollcall, in the order of a heartbeat's way: endpoint, stream, heartbeat monitor, sessions, session
 * monitor, live feed and status API, operators' page. Read it first.
 */
export class Rollcall extends Construct {
  /** The props with their defaults. */
  readonly settings: Settings;
  /** The web ACL that the stack made, given `firewall` without one. */
  readonly firewall: Firewall | undefined;
  readonly page: OperatorsPage;
  /** Whose tokens count; a {@link Users} where that is a user pool. */
  readonly access: TokenAccess;
  /** Stream, tables, dead letters and key. */
  readonly data: Data;
  readonly endpoint: HeartbeatEndpoint;
  readonly heartbeatMonitor: HeartbeatMonitor;
  readonly feed: LiveFeed;
  /** With the event bus, `sessionMonitor.events`. */
  readonly sessionMonitor: SessionMonitor;
  readonly api: StatusApi;
  /** What calls a core system with every change of status, given the option of that name. */
  readonly statusDestination: StatusDestination | undefined;
  /** Alarms, their topic and the dashboard, unless the option `alarms` says that there are none. */
  readonly operations: Operations | undefined;

  /** @throws ConfigurationRefused with a sentence for each prop to change, which says how. */
  constructor(scope: Construct, id: string, props: RollcallProps = {}) {
    super(scope, id);
    const settings = settingsOf(this, props);
    this.settings = settings;
    this.firewall = this.ownFirewall();
    const frontage = this.frontage(props);
    this.page = new OperatorsPage(this, 'OperatorsPage', frontage);
    const access = tokenAccess(this, settings, this.page.url, existingUsers(props));
    this.access = access;
    const data = new Data(this, 'Data', settings, props.encryptionKey);
    this.data = data;

    this.endpoint = new HeartbeatEndpoint(this, 'HeartbeatEndpoint', { settings, data, access, frontage });
    this.heartbeatMonitor = new HeartbeatMonitor(this, 'HeartbeatMonitor', { settings, data });
    this.feed = new LiveFeed(this, 'LiveFeed', {
      settings,
      data,
      pageOrigin: this.page.origin,
      domain: props.domain,
    });
    this.sessionMonitor = new SessionMonitor(this, 'SessionMonitor', {
      settings,
      data,
      feed: this.feed,
      heartbeatUrl: this.endpoint.url,
      eventBus: props.eventBus,
    });
    this.api = new StatusApi(this, 'StatusApi', { settings, data, access, frontage });
    for (const each of Object.values(this.functions)) data.allowKey(each);
    this.statusDestination = this.ownStatusDestination();
    this.operations = settings.alarms ? new Operations(this, 'Operations', this.operated()) : undefined;
    this.publishPage(props);
  }

  /** The function of each stage. */
  get functions(): Readonly<Record<Stage, RollcallFunction>> {
    return {
      'heartbeat-endpoint': this.endpoint.function,
      'heartbeat-monitor': this.heartbeatMonitor.function,
      'session-monitor': this.sessionMonitor.function,
      'live-feed': this.feed.function,
      'status-api': this.api.function,
    };
  }

  /**
   * A rule for one kind of event: what is told when the status of a facility or a region has changed. At least once and in
   * no order, so whoever consumes it drops what is not newer (docs/SPEC.md, "Events").
   */
  onStatusChange(id: string, event: StatusEvent, options: OnEventOptions = {}): Rule {
    const { target, ...rest } = options;
    return new Rule(options.crossStackScope ?? this, id, {
      ...rest,
      eventBus: this.sessionMonitor.events,
      eventPattern: { ...options.eventPattern, source: [eventSource], detailType: [event] },
      ...(target && { targets: [target] }),
    });
  }

  /** Lets somebody read status, presence, change log and history from the tables; for reports, not for watching. */
  grantReadStatus(grantee: IGrantable): Grant {
    const { regions, facilities, presence, changes, transitions } = this.data;
    return [regions, facilities, presence, changes, transitions]
      .map((table) => table.grantReadData(grantee))
      .reduce((all, grant) => all.combine(grant));
  }

  /** Lets somebody list and read what could not be read as heartbeats. */
  grantReadDeadLetters(grantee: IGrantable): Grant {
    return this.data.deadLetters.grantRead(grantee);
  }

  /**
   * Lets somebody add users, remove them, and say what each may do.
   * @throws ConfigurationRefused where users are not in a user pool
   */
  grantManageUsers(grantee: IGrantable): Grant {
    if (!(this.access instanceof Users)) {
      throw new ConfigurationRefused(
        'Leave out grantManageUsers, or tokenIssuers: with issuers of your own, users and their rights are kept there.',
      );
    }
    return Grant.addToPrincipal({
      grantee,
      resourceArns: [this.access.pool.userPoolArn],
      actions: [
        'cognito-idp:AdminCreateUser',
        'cognito-idp:AdminDeleteUser',
        'cognito-idp:AdminDisableUser',
        'cognito-idp:AdminEnableUser',
        'cognito-idp:AdminGetUser',
        'cognito-idp:AdminUpdateUserAttributes',
        'cognito-idp:AdminUserGlobalSignOut',
        'cognito-idp:ListUsers',
      ],
    });
  }

  /** How often a stage ran. */
  metricInvocations(stage: Stage, options?: MetricOptions): Metric {
    return this.functions[stage].metricInvocations(options);
  }

  /** How often a stage failed as a whole; what it refuses or puts aside is no failure. */
  metricErrors(stage: Stage, options?: MetricOptions): Metric {
    return this.functions[stage].metricErrors(options);
  }

  /** How often a stage was turned away for want of concurrency. */
  metricThrottles(stage: Stage, options?: MetricOptions): Metric {
    return this.functions[stage].metricThrottles(options);
  }

  /** How long a stage took, in milliseconds. */
  metricDuration(stage: Stage, options?: MetricOptions): Metric {
    return this.functions[stage].metricDuration(options);
  }

  /** How far reading is behind the stream, in milliseconds: as-of cannot be younger. */
  metricIteratorAge(options?: MetricOptions): Metric {
    return this.heartbeatMonitor.function.metric('IteratorAge', { statistic: 'Maximum', ...options });
  }

  /** Heartbeats and canaries that were put on the stream. */
  metricHeartbeats(options?: MetricOptions): Metric {
    return this.data.beats.metricIncomingRecords({ statistic: 'Sum', ...options });
  }

  /** Requests to the status API. */
  metricApiRequests(options?: MetricOptions): Metric {
    return this.api.httpApi.metricCount(options);
  }

  /** Requests to the status API that were answered with 4xx. */
  metricApiClientErrors(options?: MetricOptions): Metric {
    return this.api.httpApi.metricClientError(options);
  }

  /** Requests to the status API that were answered with 5xx. */
  metricApiServerErrors(options?: MetricOptions): Metric {
    return this.api.httpApi.metricServerError(options);
  }

  /** Sockets of the live feed that were opened. */
  metricConnections(options?: MetricOptions): Metric {
    return this.feed.webSocketApi.metric('ConnectCount', { statistic: 'Sum', ...options });
  }

  private ownFirewall(): Firewall | undefined {
    const { firewall } = this.settings;
    if (firewall === undefined || firewall.webAclArn !== undefined) return undefined;
    return new Firewall(this, 'Firewall', firewall);
  }

  private ownStatusDestination(): StatusDestination | undefined {
    const { statusDestination: destination } = this.settings;
    if (destination === undefined) return undefined;
    const { events } = this.sessionMonitor;
    return new StatusDestination(this, 'StatusDestination', { destination, events });
  }

  private operated(): OperatedParts {
    const { settings, data, endpoint, heartbeatMonitor, sessionMonitor, feed, api, statusDestination } = this;
    const functions = Object.values(this.functions);
    return {
      settings,
      data,
      endpoint,
      heartbeatMonitor,
      sessionMonitor,
      feed,
      api,
      statusDestination,
      functions,
    };
  }

  private frontage({ domain }: RollcallProps): Frontage {
    return { domain, webAclArn: this.firewall?.webAclArn ?? this.settings.firewall?.webAclArn };
  }

  private publishPage(props: RollcallProps): void {
    this.page.publish({
      buildPage: props.buildPage ?? rollcallPage,
      config: {
        heartbeatUrl: this.endpoint.url,
        apiUrl: this.api.url,
        liveUrl: this.feed.url,
        auth: this.access.signIn,
      },
      connectTo: [this.api.url, this.feed.origin, ...this.access.origins],
    });
  }
}

const existingUsers = (props: RollcallProps): ExistingUsers | undefined =>
  props.userPool && {
    userPool: props.userPool,
    signInUrl: props.userPoolSignInUrl,
    requiredAttributes: props.userPoolRequiredAttributes,
  };
