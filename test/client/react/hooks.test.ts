import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { useHeartbeat, useLive, useRegion } from '../../../client/react';
import { FakeBrowser, FakeServer } from '../../../client/testing';

/** The example in the browser tests is mounted twice and taken away again; this is what remains: a server. */
test('given a component is rendered on a server, then nothing begins there, and it says that it connects', () => {
  const server = new FakeServer();
  const tab = new FakeBrowser(server).tab();
  const { heartbeatUrl: url, apiUrl, liveUrl } = server;
  const common = { getToken: () => 'token', environment: tab.environment };
  const App = () => {
    const { connectivity } = useHeartbeat({ ...common, url, region: 'north' });
    const { state, facilities } = useRegion(useLive({ ...common, apiUrl, liveUrl }), 'north');
    return createElement('p', undefined, `${connectivity} ${state.status} ${facilities.size}`);
  };

  expect(renderToString(createElement(App))).toBe('<p>connecting connecting 0</p>');
  expect(tab.leftovers).toEqual([]);
  expect(server.requests).toEqual([]);
});
