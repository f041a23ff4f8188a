import { exactly, listOf, type Reader, text } from '../core/shape';

/** What can be broken on purpose while it runs, to see that nobody is lied to. */
export interface FaultState {
  /** `stopped`: its event source mapping is disabled; the stream keeps what comes. */
  readonly heartbeatMonitor: 'running' | 'stopped';
  /** `refusing`: every heartbeat and canary gets 503. */
  readonly heartbeatEndpoint: 'serving' | 'refusing';
  /** `stopped`: the schedule starts no run, and the one under way is killed. */
  readonly sessionMonitor: 'running' | 'stopped';
  /** Shards of which nothing is delivered. */
  readonly stuckShards: readonly string[];
  /** Shards that take no record: who puts one is told that it is too busy. */
  readonly busyShards: readonly string[];
}

const healthy: FaultState = {
  heartbeatMonitor: 'running',
  heartbeatEndpoint: 'serving',
  sessionMonitor: 'running',
  stuckShards: [],
  busyShards: [],
};

const oneOf = <T extends string>(...choices: readonly T[]): Reader<T> =>
  text((value) => choices.some((choice) => choice === value), choices.join(' or ')) as Reader<T>;

const shardIds = listOf(
  text((id) => /^shardId-\d{12}$/.test(id), 'the id of a shard'),
  100,
);

const change: Reader<Partial<FaultState>> = exactly({
  required: {},
  optional: {
    heartbeatMonitor: oneOf('running', 'stopped'),
    heartbeatEndpoint: oneOf('serving', 'refusing'),
    sessionMonitor: oneOf('running', 'stopped'),
    stuckShards: shardIds,
    busyShards: shardIds,
  },
});

type Follower = (now: FaultState, before: FaultState) => void;

/** The faults that are switched on, and whoever has to act on them. */
export class Faults {
  private current = healthy;
  private readonly followers: Follower[] = [];

  get state(): FaultState {
    return this.current;
  }

  /** Calls back at each change. */
  follow(follower: Follower): void {
    this.followers.push(follower);
  }

  /**
   * Changes what is named in a request and leaves the rest.
   * @throws FieldRefused for what is no fault
   */
  apply(request: unknown): FaultState {
    const before = this.current;
    this.current = { ...before, ...change(request, '') };
    for (const follower of this.followers) follower(this.current, before);
    return this.current;
  }
}
