import { currentDocument, deployedGrants, withTable } from '../../permissions/document';
import { seconds } from '../../support/builders';

test(
  'docs/PERMISSIONS.md says what the stack allows; if not, run npm run permissions -- --write',
  async () => {
    expect(currentDocument()).toBe(withTable(currentDocument(), await deployedGrants()));
  },
  seconds(90),
);

test('no function may do anything that is not named, or on everything', async () => {
  // X-Ray knows no resources for these, so that none can be named.
  const unnameable = /^xray:Put(TraceSegments|TelemetryRecords)$/;
  for (const [name, grants] of await deployedGrants()) {
    for (const { action, resource } of grants) {
      expect(`${name}: ${action}`).not.toContain('*');
      if (!unnameable.test(action)) expect(`${name}: ${action} on ${resource}`).not.toMatch(/ on \*$/);
    }
  }
});

test('each function has a role of its own', async () => {
  const grants = await deployedGrants();

  expect([...grants.keys()].toSorted()).toEqual([
    'heartbeat-endpoint',
    'heartbeat-monitor',
    'live-feed',
    'session-monitor',
    'status-api',
  ]);
});
