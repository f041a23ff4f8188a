import { signal } from '@preact/signals';
import { Live } from '../../../client/live/live';
import { FakeBrowser, FakeServer, settled } from '../../../client/testing';
import type { Connection } from '../../../web/connection';
import type { FacilityData } from '../../../web/facility/facility-data';
import { seconds } from '../../support/builders';

const place = { region: 'north', facility: 'clinic-7' };

const connection = signal<Connection | undefined>(undefined);
jest.mock('../../../web/page-state', () => ({
  get connection() {
    return connection;
  },
  serverNowMs: signal(0),
  shownRegion: () => undefined,
}));

/** A facility's view in a page that is connected to the fake server. */
class FacilityScene {
  readonly server = new FakeServer();
  readonly browser = new FakeBrowser(this.server);
  private readonly tab = this.browser.tab();
  private live = this.open();
  readonly data: FacilityData;
  private readonly end: () => void;

  constructor() {
    const { FacilityData: Data } = require('../../../web/facility/facility-data');
    connection.value = {
      // What is read besides never arrives.
      api: { get: () => new Promise(() => undefined) } as unknown as Connection['api'],
      watchFacility: (topic) => this.live.watchFacility(topic),
    };
    this.data = new Data(place);
    this.end = this.data.start();
  }

  get users(): readonly string[] | undefined {
    return this.data.present.value?.map(({ user }) => user);
  }

  /** As the page does it when a connection has failed. */
  reopen(): void {
    this.live.close();
    this.live = this.open();
  }

  /** Everything is read again by then. */
  async refresh(): Promise<void> {
    this.data.lookBack('7d');
    await settled();
  }

  close(): void {
    this.end();
    this.live.close();
  }

  private open(): Live {
    const { apiUrl, liveUrl } = this.server;
    const live = new Live({ apiUrl, liveUrl, getToken: () => 'token' }, this.tab.environment);
    live.watchRegion({ region: place.region });
    return live;
  }
}

let scene: FacilityScene;
beforeEach(async () => {
  scene = new FacilityScene();
  await settled();
});
afterEach(() => scene.close());

test('given a list that is proved, then nobody doubts it', async () => {
  scene.server.join(place, 'ann');
  expect([scene.users, scene.data.isPresentDoubted.value]).toEqual([['ann'], false]);
});

test('CD4 given the subscription to a facility is lost while its region is live, then the list says so', async () => {
  scene.server.join(place, 'ann');
  scene.server.forbidden.add(`${place.region} ${place.facility}`);
  scene.server.cutSockets();
  await scene.browser.pass(seconds(15));
  expect([scene.users, scene.data.isPresentDoubted.value]).toEqual([['ann'], true]);

  scene.server.forbidden.clear();
  scene.server.join(place, 'ben');
  await scene.refresh();
  expect([scene.users, scene.data.isPresentDoubted.value]).toEqual([['ann', 'ben'], false]);
});

test('given the page opens another connection, then the list goes on over that one', async () => {
  scene.server.join(place, 'ann');
  scene.reopen();
  expect(scene.data.isPresentDoubted.value).toBe(true);
  await scene.refresh();
  scene.server.join(place, 'ben');
  expect([scene.users, scene.data.isPresentDoubted.value]).toEqual([['ann', 'ben'], false]);
});
