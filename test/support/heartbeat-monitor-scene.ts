import { MemoryDeadLetters } from '../../adapters/memory/dead-letters';
import { MemoryMeter } from '../../adapters/memory/meter';
import { MemoryRegionLedger } from '../../adapters/memory/region-ledger';
import { MemorySessionStore } from '../../adapters/memory/session-store';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { MemoryWatermarks } from '../../adapters/memory/watermarks';
import type { Attributes } from '../../core/attributes';
import { TryAgainLater } from '../../core/errors';
import type { DeadLetter, SaveOutcome } from '../../core/ports';
import type { Session } from '../../core/session';
import { defaultTimings } from '../../core/timings';
import type { HeartbeatMonitorFigure } from '../../lambdas/heartbeat-monitor/contract';
import { createMonitor } from '../../lambdas/heartbeat-monitor/monitor';
import { aBeat, at, type BeatWords } from './builders';
import { ListLog } from './http';
import { aBatch, type RecordWords } from './kinesis-records';

/** A session store with faults to inject. */
class FaultySessions extends MemorySessionStore {
  /** Sessions that cannot be written for now. */
  readonly failing = new Set<string>();
  loadFails = false;
  /** What somebody else does between a read and a write, once. */
  meanwhile: (() => Promise<unknown>) | undefined;

  override async load(keys: Parameters<MemorySessionStore['load']>[0]) {
    if (this.loadFails) throw new TryAgainLater('throttled');
    return await super.load(keys);
  }

  override async save(session: Session, attributes?: Attributes): Promise<SaveOutcome> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (this.failing.has(session.sessionId)) throw new TryAgainLater('throttled');
    return await super.save(session, attributes);
  }
}

class FaultyLedger extends MemoryRegionLedger {
  failing = false;

  override async raiseMark(region: string): Promise<void> {
    if (this.failing) throw new TryAgainLater('throttled');
    await super.raiseMark(region);
  }
}

class FaultyDeadLetters extends MemoryDeadLetters {
  failing = false;

  override async store(letter: DeadLetter): Promise<void> {
    if (this.failing) throw new TryAgainLater('throttled');
    await super.store(letter);
  }
}

class FaultyWatermarks extends MemoryWatermarks {
  failing = false;

  override async advanceShard(shard: string, watermarkMs: number): Promise<void> {
    if (this.failing) throw new TryAgainLater('throttled');
    await super.advanceShard(shard, watermarkMs);
  }
}

/** A heartbeat monitor at ten with empty stores. */
export function aMonitor() {
  const ports = {
    sessions: new FaultySessions(),
    ledger: new FaultyLedger(),
    deadLetters: new FaultyDeadLetters(),
    watermarks: new FaultyWatermarks(defaultTimings),
    clock: new VirtualClock(at('10:00')),
    log: new ListLog(),
    meter: new MemoryMeter<HeartbeatMonitorFigure>(),
  };
  const start = () => createMonitor(ports, defaultTimings);
  const handle = start();
  /** Hands over a batch. @returns the numbers of the records that go back */
  const receive = async (...records: readonly RecordWords[]): Promise<readonly string[]> => {
    const { batchItemFailures } = await handle(aBatch(...records));
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const stored = async (words: BeatWords = {}): Promise<Session | undefined> =>
    (await ports.sessions.load([aBeat(words)]))[0];
  const mark = async (region = 'north') => (await ports.ledger.read(region)).mark;
  return { ...ports, start, receive, stored, mark };
}
