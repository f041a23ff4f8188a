import { Construct } from 'constructs';
import { Data } from './data';
import { HeartbeatEndpoint } from './heartbeat-endpoint';
import { HeartbeatMonitor } from './heartbeat-monitor';
import { tokenAccess } from './identity';
import { LiveFeed } from './live-feed';
import { type BuildPage, OperatorsPage } from './operators-page';
import { SessionMonitor } from './session-monitor';
import type { Settings } from './settings';
import { StatusApi } from './status-api';

export interface RollcallProps {
  readonly settings: Settings;
  readonly buildPage: BuildPage;
}

/**
 * The whole of Rollcall, in the order of a heartbeat's way: endpoint, stream, heartbeat monitor, sessions, session
 * monitor, live feed and status API, operators' page. Read it first.
 */
export class Rollcall extends Construct {
  readonly endpoint: HeartbeatEndpoint;
  readonly sessionMonitor: SessionMonitor;
  readonly feed: LiveFeed;
  readonly api: StatusApi;
  readonly page: OperatorsPage;

  constructor(scope: Construct, id: string, { settings, buildPage }: RollcallProps) {
    super(scope, id);
    this.page = new OperatorsPage(this, 'OperatorsPage');
    const access = tokenAccess(this, settings, this.page.url);
    const data = new Data(this, 'Data', settings);

    this.endpoint = new HeartbeatEndpoint(this, 'HeartbeatEndpoint', { settings, data, access });
    new HeartbeatMonitor(this, 'HeartbeatMonitor', { settings, data });
    this.feed = new LiveFeed(this, 'LiveFeed', { settings, data, pageOrigin: this.page.origin });
    this.sessionMonitor = new SessionMonitor(this, 'SessionMonitor', {
      settings,
      data,
      feed: this.feed,
      heartbeatUrl: this.endpoint.url,
    });
    this.api = new StatusApi(this, 'StatusApi', { settings, data, access });

    this.page.publish({
      buildPage,
      config: {
        heartbeatUrl: this.endpoint.url,
        apiUrl: this.api.url,
        liveUrl: this.feed.url,
        auth: access.signIn,
      },
      connectTo: [this.api.url, this.feed.origin, ...access.origins],
    });
  }
}
