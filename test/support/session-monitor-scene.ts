import { MemoryCanaries } from '../../adapters/memory/canaries';
import { MemoryConnectionStore } from '../../adapters/memory/connection-store';
import { MemoryEventBus } from '../../adapters/memory/event-bus';
import { MemoryFeedGateway } from '../../adapters/memory/feed-gateway';
import { MemoryFence } from '../../adapters/memory/fence';
import { MemoryMeter } from '../../adapters/memory/meter';
import { MemoryPresenceLedger } from '../../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { TryAgainLater } from '../../core/errors';
import type { Clock } from '../../core/ports';
import type { Commit } from '../../core/region';
import { defaultTimings, type Timings } from '../../core/timings';
import type { SessionMonitorFigure } from '../../lambdas/session-monitor/contract';
import { createMonitor, runTick } from '../../lambdas/session-monitor/monitor';
import { aSession, at, type SessionWords } from './builders';
import { openSocket, type SocketWords } from './feed-sockets';
import { ListLog } from './http';
import { SteadyWatermarks } from './steady-watermarks';

/** Sessions whose lists tell the test that a settle is under way. */
class WatchedSessions extends MemorySessionStore {
  readonly reads: ('consistent' | 'eventual')[] = [];
  /** What somebody else does after a list was read, once. */
  meanwhile: (() => Promise<unknown>) | undefined;

  override async list(region: string, { consistent } = { consistent: true }) {
    this.reads.push(consistent ? 'consistent' : 'eventual');
    const listed = await super.list(region);
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    return listed;
  }
}

/** A ledger that dies where the test says so. */
class FaultyLedger extends MemoryRegionLedger {
  broken = new Set<string>();
  commits = 0;
  cursorsStuck = false;

  override async commit(commit: Commit): Promise<void> {
    await super.commit(commit);
    this.commits += 1;
  }

  override async read(region: string) {
    if (this.broken.has(region)) throw new TryAgainLater('throttled');
    return await super.read(region);
  }

  override async advanceCursor(...given: Parameters<MemoryRegionLedger['advanceCursor']>): Promise<void> {
    if (this.cursorsStuck) throw new TryAgainLater('throttled');
    await super.advanceCursor(...given);
  }
}

/** A clock that a test moves. */
export interface TestClock extends Clock {
  advance(ms: number): unknown;
}

/** A session monitor at ten whose as-of is the clock's time, and the stores that it works on. */
export function aSessionMonitor<C extends TestClock = VirtualClock>(
  timings: Timings = defaultTimings,
  clock: C = new VirtualClock(at('10:00')) as unknown as C,
) {
  const ledger = new FaultyLedger();
  const ports = {
    sessions: new WatchedSessions(),
    ledger,
    presence: new MemoryPresenceLedger(ledger),
    connections: new MemoryConnectionStore(),
    feed: new MemoryFeedGateway(),
    bus: new MemoryEventBus(),
    fence: new MemoryFence(),
    canaries: new MemoryCanaries(),
    watermarks: new SteadyWatermarks(clock, timings),
    clock,
    log: new ListLog(),
    meter: new MemoryMeter<SessionMonitorFigure>(),
  };
  const tick = () => runTick(ports, timings);
  return {
    ...ports,
    tick,
    run: createMonitor(ports, timings),
    freezeAsOf: () => ports.watermarks.freeze(),
    /** A session as the heartbeat monitor leaves it: written, then marked. */
    joins: async (words: SessionWords = {}) => {
      await ports.sessions.save(aSession({ revision: 0, ...words }));
      await ports.ledger.raiseMark(words.region ?? 'north');
    },
    socket: (id: string, words?: SocketWords) => openSocket(id, ports, words),
    tickAt: (time: string) => {
      clock.advance(at(time) - clock.now());
      ports.watermarks.passQuietly();
      return tick();
    },
    statuses: async (region = 'north') =>
      (await ports.ledger.facilities(region)).map(({ id, status }) => `${id} ${status}`),
    record: (region = 'north') => ports.ledger.read(region),
  };
}

/** What these messages say of facilities. */
export const facilitiesIn = (messages: readonly object[]): readonly string[] =>
  messages.flatMap((message) =>
    'changes' in message
      ? (message.changes as { facility: string; status: string }[]).map((c) => `${c.facility} ${c.status}`)
      : [],
  );
