import type { ConnectivityState } from '../../client/connectivity';
import type { RollcallError } from '../../client/errors';
import { Heartbeat, type HeartbeatOptions } from '../../client/heartbeat/heartbeat';
import { FakeBrowser, FakeServer, type FakeTab, settled } from '../../client/testing';

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
export const tokenOf = (sub: string): string => `${base64({ alg: 'none' })}.${base64({ iss: 'i', sub })}.`;

/** A page with a heartbeat, and all that it told. */
export class BeatingTab {
  readonly states: ConnectivityState[] = [];
  readonly errors: RollcallError[] = [];
  beats = 0;
  readonly tokensAsked: boolean[] = [];
  readonly heartbeat: Heartbeat;

  constructor(
    readonly tab: FakeTab,
    options: Partial<HeartbeatOptions> & Pick<HeartbeatOptions, 'url'>,
  ) {
    this.heartbeat = new Heartbeat(
      {
        region: 'north',
        facilities: ['clinic-7'],
        getToken: ({ refresh }) => {
          this.tokensAsked.push(refresh);
          return tokenOf('ann');
        },
        ...options,
      },
      tab.environment,
    );
    this.heartbeat.on('state', (state) => this.states.push(state));
    this.heartbeat.on('error', (error) => this.errors.push(error));
    this.heartbeat.on('beat', () => {
      this.beats += 1;
    });
  }

  get connectivity(): readonly string[] {
    return this.states.map(({ connectivity }) => connectivity);
  }
}

/** A browser in front of the fake server. */
export class BeatingScene {
  readonly server = new FakeServer();
  readonly browser: FakeBrowser;

  constructor(random?: () => number) {
    this.browser = new FakeBrowser(this.server, random ? { random } : {});
  }

  async opens(
    options: Partial<HeartbeatOptions> = {},
    prepare?: (tab: FakeTab) => void,
  ): Promise<BeatingTab> {
    const tab = this.browser.tab();
    prepare?.(tab);
    const beating = new BeatingTab(tab, { url: this.server.heartbeatUrl, ...options });
    await settled();
    return beating;
  }

  /** What the server got since then, as seconds since then and what each said. */
  beatsSince(sinceMs: number): readonly (readonly [second: number, next: number])[] {
    return this.server.sessions.beats
      .filter(({ atMs }) => atMs >= sinceMs)
      .map(({ atMs, next }) => [(atMs - sinceMs) / 1_000, next]);
  }

  /** Every status that the facility has had. */
  get statuses(): readonly string[] {
    return this.server.region('north').log.flatMap(({ changes }) => changes.map(({ status }) => status));
  }
}
