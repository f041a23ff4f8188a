import { billOf, type StreamMode, totalOf } from '../bench/metering/bill';
import { answerHeaderBytes, gbSecondsOf } from '../bench/metering/lambda-time';
import { Meter } from '../bench/metering/meter';
import { monthSeconds, pricesAsOf, pricesRegion } from '../bench/metering/prices';
import { socketMessages } from '../bench/metering/units';
import { type Service, services } from '../bench/metering/wire';
import type { Endpoints } from './functions';
import type { Invoke } from './invoke';
import { startMeteringProxy } from './metering-proxy';

/** What is there all the time, and billed by it. */
export interface Standing {
  readonly shards: number;
  readonly streamMode: StreamMode;
  readonly sockets: () => number;
}

interface MeteredFunction {
  readonly name: string;
  readonly memoryMb?: number;
}

/** Short enough that an answer is up to date, seldom enough to cost nothing. */
const standingEveryMs = 1_000;

/** Counts what AWS would bill of this runtime, for `GET /dev/meter`. */
export class Metering {
  private readonly meter = new Meter();
  private startedMs: number;
  private countedMs: number;
  private readonly timer: NodeJS.Timeout;
  private readonly closing: (() => Promise<void>)[] = [];
  private standing: Standing | undefined;

  constructor(private readonly now: () => number) {
    this.startedMs = now();
    this.countedMs = this.startedMs;
    this.timer = setInterval(() => this.countStanding(), standingEveryMs);
    this.timer.unref();
  }

  /** The same services, with a meter before each. */
  async before(endpoints: Endpoints): Promise<Endpoints> {
    const metered = await Promise.all(
      services.map(async (service: Service) => {
        const proxy = await startMeteringProxy(service, endpoints[service], this.meter);
        this.closing.push(() => proxy.close());
        return [service, proxy.endpoint] as const;
      }),
    );
    return { ...endpoints, ...Object.fromEntries(metered) };
  }

  /** Bills what is there all the time from now on. */
  standsFor(standing: Standing): void {
    this.standing = standing;
  }

  /** The same function, its invocations counted with the time that they took here. */
  invoking({ name, memoryMb = 128 }: MeteredFunction, invoke: Invoke): Invoke {
    return async (event) => {
      const startMs = performance.now();
      const outcome = await invoke(event);
      this.meter.count('lambdaRequests', name, 1);
      this.meter.count(
        'lambdaGbSeconds',
        name,
        gbSecondsOf(memoryMb, Math.ceil(performance.now() - startMs)),
      );
      return outcome;
    };
  }

  /** The same route of the HTTP API. */
  requesting(route: string, invoke: Invoke): Invoke {
    return async (event) => {
      this.meter.count('httpApiRequests', route, 1);
      return await this.answering(route, invoke)(event);
    };
  }

  /** The same function, what it answers counted as it leaves AWS. */
  answering(what: string, invoke: Invoke): Invoke {
    return async (event) => {
      const outcome = await invoke(event);
      const body = outcome.kind === 'returned' ? bodyOf(outcome.value) : '';
      this.meter.count('egressBytes', what, answerHeaderBytes + Buffer.byteLength(body));
      return outcome;
    };
  }

  /** The same route of the WebSocket API: what sockets send is billed as what they are sent. */
  hearing(route: string, invoke: Invoke): Invoke {
    return async (event) => {
      if (route !== '$disconnect')
        this.meter.count('webSocketMessages', route, socketMessages(bodyOf(event).length));
      return await invoke(event);
    };
  }

  /** What was counted since the start or the last reset, in the units of the bill and in dollars, and what a month of it would be. */
  read(): object {
    this.countStanding();
    const seconds = Math.max(1, (this.now() - this.startedMs) / 1_000);
    const reading = this.meter.read();
    const mode = this.standing?.streamMode ?? 'provisioned';
    const bill = billOf(reading, mode);
    return {
      since: new Date(this.startedMs).toISOString(),
      seconds,
      prices: { region: pricesRegion, asOf: pricesAsOf },
      dollars: totalOf(bill),
      dollarsPerMonth: totalOf(billOf(reading.times(monthSeconds / seconds), mode)),
      lines: bill,
    };
  }

  reset(): object {
    this.meter.reset();
    this.startedMs = this.now();
    this.countedMs = this.startedMs;
    return this.read();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.closing.map((close) => close()));
  }

  private countStanding(): void {
    const nowMs = this.now();
    const hours = Math.max(0, nowMs - this.countedMs) / 3_600_000;
    this.countedMs = nowMs;
    if (this.standing === undefined || hours === 0) return;
    this.meter.count('kinesisShardHours', 'Shards', hours * this.standing.shards);
    const minutes = hours * 60 * this.standing.sockets();
    if (minutes > 0) this.meter.count('webSocketMinutes', 'Sockets', minutes);
  }
}

function bodyOf(value: unknown): string {
  const body = typeof value === 'object' && value !== null && 'body' in value ? value.body : '';
  return typeof body === 'string' ? body : '';
}
