import { FieldRefused } from '../../core/shape';
import { type FaultState, Faults } from '../../local/faults';

const healthy: FaultState = {
  heartbeatMonitor: 'running',
  heartbeatEndpoint: 'serving',
  sessionMonitor: 'running',
  stuckShards: [],
  busyShards: [],
};

test('given nothing was asked for, nothing is broken', () => {
  expect(new Faults().state).toEqual(healthy);
});

test('given a request, when it is applied, then what it names changes, and whoever follows hears of it', () => {
  const faults = new Faults();
  const heard: (readonly FaultState[])[] = [];
  faults.follow((now, before) => heard.push([before, now]));
  const stopped = { ...healthy, heartbeatMonitor: 'stopped' };
  expect(faults.apply({ heartbeatMonitor: 'stopped' })).toEqual(stopped);
  const stuck = { ...stopped, stuckShards: ['shardId-000000000001'] };
  expect(faults.apply({ stuckShards: ['shardId-000000000001'] })).toEqual(stuck);
  expect(heard).toEqual([
    [healthy, stopped],
    [stopped, stuck],
  ]);
});

test.each([
  { heartbeatMonitor: 'tired' },
  { heartbeatEndpoint: 503 },
  { stuckShards: ['all'] },
  { unknown: true },
  [],
])('%p is no fault, and changes nothing', (request) => {
  const faults = new Faults();
  expect(() => faults.apply(request)).toThrow(FieldRefused);
  expect(faults.state).toEqual(healthy);
});
