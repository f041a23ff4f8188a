import { MemoryCanaries } from '../adapters/memory/canaries';
import { MemoryConnectionStore } from '../adapters/memory/connection-store';
import { MemoryDeadLetters } from '../adapters/memory/dead-letters';
import { MemoryEventBus } from '../adapters/memory/event-bus';
import { MemoryFeedGateway } from '../adapters/memory/feed-gateway';
import { MemoryFence } from '../adapters/memory/fence';
import { silentMeter } from '../adapters/memory/meter';
import { MemoryPresenceLedger } from '../adapters/memory/presence-ledger';
import { MemoryRegionLedger } from '../adapters/memory/region-ledger';
import { MemorySessionStore } from '../adapters/memory/session-store';
import { VirtualClock } from '../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../adapters/memory/watermarks';
import type { WatermarkRecord } from '../core/as-of';
import type { Clock, FeedGateway } from '../core/ports';
import { defaultTimings } from '../core/timings';
import { beginningMs } from './front-ends';
import { quietLog } from './quiet-log';

/** Watermarks of a pipeline in which nothing lags. */
class PromptWatermarks extends MemoryWatermarks {
  constructor(private readonly clock: VirtualClock) {
    super(defaultTimings);
    this.passQuietly();
  }

  /** The ticks until now happened, and found nothing to do. */
  passQuietly(): void {
    this.current = { ...this.current, asOfMs: this.clock.now() - 1, endpointMs: this.clock.now() - 1 };
  }

  override async read(): Promise<WatermarkRecord> {
    const nowMs = this.clock.now();
    return { shards: new Map([['shard-0', nowMs]]), endpoint: { canaryMs: nowMs } };
  }
}

/** Everything that Rollcall works on, in memory. */
export function memoryPorts<C extends Clock>(clock: C, watermarks = new MemoryWatermarks(defaultTimings)) {
  const ledger = new MemoryRegionLedger();
  return {
    sessions: new MemorySessionStore(),
    ledger,
    presence: new MemoryPresenceLedger(ledger),
    connections: new MemoryConnectionStore(),
    feed: new MemoryFeedGateway() as FeedGateway,
    bus: new MemoryEventBus(),
    fence: new MemoryFence(),
    canaries: new MemoryCanaries(),
    deadLetters: new MemoryDeadLetters(),
    watermarks,
    clock,
    log: quietLog,
    meter: silentMeter,
  };
}

/** What a session monitor works on, at an as-of that is the clock's. */
export function aMonitorStand(feed: FeedGateway = new MemoryFeedGateway()) {
  const clock = new VirtualClock(beginningMs);
  const watermarks = new PromptWatermarks(clock);
  const ports = { ...memoryPorts(clock, watermarks), feed };
  /** Lets time pass without trouble. */
  const pass = (ms: number): void => {
    clock.advance(ms);
    watermarks.passQuietly();
  };
  const { sessions, ledger, connections } = ports;
  return { ports, sessions, ledger, connections, clock, pass, timings: defaultTimings };
}

export type MonitorStand = ReturnType<typeof aMonitorStand>;
