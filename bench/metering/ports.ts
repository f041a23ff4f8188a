import type { ConnectionStore } from '../../core/connection';
import type {
  BeatStream,
  Canaries,
  DeadLetters,
  EventBus,
  FeedGateway,
  Fence,
  PresenceLedger,
  RegionLedger,
  SessionStore,
  Watermarks,
} from '../../core/ports';
import type { Timings } from '../../core/timings';
import type { Meter } from './meter';
import { meteredConnections } from './ports/connections';
import { meteredBus, meteredDeadLetters, meteredFeed } from './ports/delivery';
import { meteredLedger } from './ports/ledger';
import { meteredPresence } from './ports/presence';
import { meteredSessions } from './ports/sessions';
import { meteredCanaries, meteredStream } from './ports/stream';
import { meteredFence, meteredWatermarks } from './ports/watermarks';

/** The ports behind which something is billed. */
export interface BilledPorts {
  readonly sessions: SessionStore;
  readonly ledger: RegionLedger;
  readonly presence: PresenceLedger;
  readonly connections: ConnectionStore;
  readonly watermarks: Watermarks;
  readonly fence: Fence;
  readonly stream: BeatStream;
  readonly canaries: Canaries;
  readonly feed: FeedGateway;
  readonly bus: EventBus;
  readonly deadLetters: DeadLetters;
}

/** Some of them, as a handler asks for them: perhaps only with the methods that it calls. */
export type SomePorts = { readonly [K in keyof BilledPorts]?: Partial<BilledPorts[K]> };

/**
 * The same ports, metered: what the adapters for AWS would be billed for each call is counted, whatever is behind the ports.
 * Others, such as a clock, stay as they are.
 */
export function meteredPorts<P extends SomePorts>(ports: P, meter: Meter, timings: Timings): P {
  const decorate: { readonly [K in keyof BilledPorts]: (port: BilledPorts[K]) => BilledPorts[K] } = {
    sessions: (port) => meteredSessions(port, meter, timings),
    ledger: (port) => meteredLedger(port, meter),
    presence: (port) => meteredPresence(port, meter),
    connections: (port) => meteredConnections(port, meter),
    watermarks: (port) => meteredWatermarks(port, meter),
    fence: (port) => meteredFence(port, meter),
    stream: (port) => meteredStream(port, meter),
    canaries: (port) => meteredCanaries(port, meter),
    feed: (port) => meteredFeed(port, meter),
    bus: (port) => meteredBus(port, meter),
    deadLetters: (port) => meteredDeadLetters(port, meter),
  };
  const known = decorate as Readonly<Record<string, ((port: never) => object) | undefined>>;
  const entries = Object.entries(ports).map(([name, port]) => [name, known[name]?.(port as never) ?? port]);
  return Object.fromEntries(entries) as P;
}
