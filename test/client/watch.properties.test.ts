import fc from 'fast-check';
import { property } from '../support/builders';
import { ModelServer, type Sent } from '../support/feed-model';
import {
  cutOff,
  facilitiesOf,
  load,
  newRegion,
  notLoaded,
  receiveChanges,
  receiveTick,
  receiveTime,
  reload,
  resumed,
  type Watch,
  wholeOf,
} from '../support/feed-store';

const pingEveryMs = 20_000;
const stepMs = 500;
const ids = ['a', 'b', '__proto__'];

/** A client's store, and a network between it and the server that may lose, repeat and reorder. */
class Client {
  nowMs = 0;
  state: Watch = newRegion('north', 0);
  /** What is on its way, oldest first. */
  wire: Sent[] = [];
  connected = true;
  /** Where the server stood when a snapshot was asked for that has not been answered. */
  private fetchingFrom: number | undefined;

  constructor(private readonly server: ModelServer) {}

  push(...sent: readonly Sent[]): void {
    if (this.connected) this.wire.push(...sent);
  }

  deliver(index: number): void {
    const [sent] = this.wire.splice(index, 1);
    if (sent !== undefined) this.change(() => this.received(sent));
  }

  private received(sent: Sent): Watch {
    switch (sent.type) {
      case 'changes':
        return receiveChanges(this.state, sent.message, this.nowMs);
      case 'tick':
        return receiveTick(this.state, sent.tick, this.nowMs);
      case 'resync':
        return reload(this.state, this.nowMs, true);
    }
  }

  pass(ms: number): void {
    this.nowMs += ms;
    const { watch, ask } = receiveTime(this.state, this.nowMs);
    this.change(() => watch);
    if (ask === 'snapshot') this.fetchingFrom = this.server.position.seq;
    if (ask === 'log') this.subscribe();
  }

  /** @param behind how many of the entries since it was asked for it may not know, although its rows do */
  answer(behind: number): void {
    if (this.fetchingFrom === undefined) return;
    const most = Math.max(0, this.server.position.seq - this.fetchingFrom);
    this.fetchingFrom = undefined;
    const snapshot = this.server.snapshot(Math.min(behind, most));
    this.change(() => load(this.state, wholeOf(snapshot), this.nowMs).watch);
    this.resume();
  }

  fail(): void {
    if (this.fetchingFrom === undefined) return;
    this.fetchingFrom = undefined;
    this.change(() => notLoaded(this.state, undefined, this.nowMs));
  }

  cut(): void {
    this.connected = false;
    this.wire = [];
    this.change(() => cutOff(this.state));
  }

  connect(): void {
    if (this.connected) return;
    this.connected = true;
    this.resume();
  }

  private resume(): void {
    if (!this.connected || this.state.sync.phase === 'loading') return;
    this.change(() => resumed(this.state, this.nowMs));
    this.subscribe();
  }

  private subscribe(): void {
    this.push(...this.server.since(this.state.epoch, this.state.seq));
  }

  /** After whatever happens: nothing older than before, and nothing wrong that is called proved. */
  private change(next: () => Watch): void {
    const before = this.state;
    this.state = next();
    if (this.state === before) return;
    const { epoch, seq, sync } = this.state;
    const facilities = facilitiesOf(this.state);
    if (epoch === before.epoch) {
      expect(seq).toBeGreaterThanOrEqual(before.seq);
      for (const [id, { version }] of facilities) {
        expect(version).toBeGreaterThanOrEqual(facilitiesOf(before).get(id)?.version ?? 0);
      }
    }
    if (sync.phase === 'current') expect(shown(facilities)).toEqual(shown(this.server.stateAt(epoch, seq)));
  }

  /** Nothing is lost any more, and time goes on. */
  heal(): void {
    this.connect();
    for (let passedMs = 0; passedMs < 2 * pingEveryMs; passedMs += stepMs) {
      if (passedMs % pingEveryMs === 0) this.push(this.server.tick());
      while (this.wire.length > 0) this.deliver(0);
      this.answer(0);
      this.pass(stepMs);
    }
  }
}

const shown = (facilities: ReadonlyMap<string, { status: string; version: number }> | undefined) =>
  facilities && [...facilities].map(([id, { status, version }]) => [id, status, version]).toSorted();

/** Something that happens to both, in words that a failure prints. */
interface Happening {
  readonly words: string;
  readonly to: (client: Client, server: ModelServer) => void;
}
const happens = (words: string, to: Happening['to']): fc.Command<ModelServer, Client> => ({
  check: () => true,
  run: (server, client) => to(client, server),
  toString: () => words,
});
const nth = (pick: number, { wire }: Client): number => pick % Math.max(1, wire.length);

const commands = [
  fc
    .tuple(fc.subarray(ids, { minLength: 0 }), fc.nat(9))
    .map(([changed, dice]) =>
      happens(`commit ${changed}${dice === 0 ? ', the last one removed' : ''}`, (client, server) =>
        client.push(server.commit(changed, dice === 0)),
      ),
    ),
  fc.nat(20).map((pick) => happens(`deliver ${pick}`, (client) => client.deliver(nth(pick, client)))),
  fc.nat(20).map((pick) => happens(`deliver ${pick}`, (client) => client.deliver(nth(pick, client)))),
  fc
    .nat(20)
    .map((pick) => happens(`lose ${pick}`, (client) => void client.wire.splice(nth(pick, client), 1))),
  fc
    .nat(20)
    .map((pick) =>
      happens(`repeat ${pick}`, (client) =>
        client.push(...client.wire.slice(nth(pick, client), nth(pick, client) + 1)),
      ),
    ),
  fc
    .integer({ min: 1, max: 12 })
    .map((steps) => happens(`${steps * stepMs} ms pass`, (client) => client.pass(steps * stepMs))),
  fc.constant(happens('ping', (client, server) => client.push(server.tick()))),
  fc.nat(2).map((behind) => happens(`snapshot, ${behind} behind`, (client) => client.answer(behind))),
  fc.constant(happens('no snapshot', (client) => client.fail())),
  fc.constant(happens('cut off', (client) => client.cut())),
  fc.constant(happens('connected', (client) => client.connect())),
];
const rarely = fc.constant(
  happens('begins anew', (client, server) => {
    server.beginAnew();
    client.push(server.commit(['a'], false));
  }),
);

describe('CD3, CD4 a client’s store against a model of the server', () => {
  const runs = (all: fc.Arbitrary<fc.Command<ModelServer, Client>>[]) =>
    fc.commands<ModelServer, Client>(all, { maxCommands: 60, size: 'max' });

  test.each([
    ['one life of the log', commands],
    ['several lives', [...commands, rarely]],
  ])(
    '%s: never older after newer, proved only when right, and right once nothing is lost any more',
    (_, all) => {
      fc.assert(
        fc.property(runs(all), (happenings) => {
          const server = new ModelServer();
          const client = new Client(server);
          fc.modelRun(() => ({ model: server, real: client }), happenings);
          client.heal();
          expect(client.state.sync.phase).toBe('current');
          expect({ epoch: client.state.epoch, seq: client.state.seq }).toEqual(server.position);
          expect(shown(facilitiesOf(client.state))).toEqual(
            shown(server.stateAt(server.epoch, server.position.seq)),
          );
          expect(client.state.waiting.size).toBe(0);
        }),
        { ...property, numRuns: 300, verbose: false },
      );
    },
  );
});
