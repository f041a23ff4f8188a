import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '../../core/errors';
import { type Gauge, gauge } from '../support/gauge';
import { signal } from '../support/processes';
import { Rollcall } from '../support/rollcall';
import { crashEveryMs, type Disturbance } from './plan';

/** What was held at one instant, and by which process since the beginning. */
export interface Sample extends Gauge {
  readonly life: number;
}

const everyMs = 5_000;
const database = /^\S*dynoxide /;

/** The machine that Rollcall runs on: it can be broken in every way of a plan, and is measured all the time. */
export class Machine {
  readonly samples: Sample[] = [];
  lives = 1;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private current: Rollcall,
    private readonly start: (port: number) => Promise<Rollcall>,
  ) {
    this.timer = setInterval(() => this.sample(), everyMs);
  }

  static async boot(data: string, fleet: number): Promise<Machine> {
    const start = (port: number) => Rollcall.start({ data, fleet, port });
    return new Machine(await start(0), start);
  }

  get rollcall(): Rollcall {
    return this.current;
  }

  /** Breaks something, and resolves when it is over. @param cut cuts the operators' sockets off */
  async disturb(disturbance: Disturbance, cut: () => void): Promise<void> {
    switch (disturbance.kind) {
      case 'crash':
        for (let time = 0; time < disturbance.times; time += 1) {
          await this.current.post('/dev/crash', { stage: disturbance.stage });
          await sleep(crashEveryMs);
        }
        return;
      case 'no-monitor':
        return await this.fault(
          { sessionMonitor: 'stopped' },
          { sessionMonitor: 'running' },
          disturbance.forMs,
        );
      case 'no-poller':
        return await this.fault(
          { heartbeatMonitor: 'stopped' },
          { heartbeatMonitor: 'running' },
          disturbance.forMs,
        );
      case 'stuck-shard':
        return await this.fault(
          { stuckShards: ['shardId-000000000000'] },
          { stuckShards: [] },
          disturbance.forMs,
        );
      case 'refusing':
        return await this.fault(
          { heartbeatEndpoint: 'refusing' },
          { heartbeatEndpoint: 'serving' },
          disturbance.forMs,
        );
      case 'stalled-database':
        return await this.stop(this.databases, disturbance.forMs);
      case 'frozen':
        return await this.stop([this.current.pid], disturbance.forMs);
      case 'cut-sockets':
        return cut();
      case 'power-cut':
        return await this.cutPower(disturbance.forMs);
      default:
        return unreachable(disturbance);
    }
  }

  /** The process that runs now, from its start on. */
  get lastLife(): readonly Sample[] {
    return this.samples.filter(({ life }) => life === this.lives);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.current.close();
  }

  private get databases(): readonly number[] {
    return this.current.processes.filter(({ command }) => database.test(command)).map(({ pid }) => pid);
  }

  private async fault(broken: object, mended: object, forMs: number): Promise<void> {
    await this.current.post('/dev/faults', broken);
    await sleep(forMs);
    await this.current.post('/dev/faults', mended);
  }

  private async stop(pids: readonly number[], forMs: number): Promise<void> {
    for (const pid of pids) signal(pid, 'SIGSTOP');
    await sleep(forMs);
    for (const pid of pids) signal(pid, 'SIGCONT');
  }

  private async cutPower(forMs: number): Promise<void> {
    const { port } = this.current;
    await this.current.close();
    await sleep(forMs);
    this.lives += 1;
    this.current = await this.start(port);
  }

  private sample(): void {
    const held = gauge(this.current.processes);
    if (held.memoryMb > 0) this.samples.push({ ...held, life: this.lives });
  }
}
