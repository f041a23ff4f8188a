import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { freePort } from '../../local/child-program';
import { until } from './waiting';

const example = join(__dirname, '..', '..', 'examples', 'postgresql');
const startTimeoutMs = 20_000;
const key = 'key of the API destination';

/** The example's consumer as a process of its own, which is started again wherever it was killed. */
export class ConsumerProcess {
  private child: ChildProcess | undefined;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 40 });

  private constructor(
    private readonly directory: string,
    private readonly databaseUrl: string,
    private readonly port: number,
  ) {}

  static async start(databaseUrl: string): Promise<ConsumerProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-consumer-'));
    buildSync({
      entryPoints: [join(example, 'consumer.ts')],
      outfile: join(directory, 'consumer.js'),
      bundle: true,
      platform: 'node',
      external: ['pg-native'],
    });
    copyFileSync(join(example, 'schema.sql'), join(directory, 'schema.sql'));
    const consumer = new ConsumerProcess(directory, databaseUrl, await freePort());
    await consumer.restart();
    return consumer;
  }

  async restart(): Promise<void> {
    this.child = spawn(process.execPath, [join(this.directory, 'consumer.js')], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: this.databaseUrl,
        ROLLCALL_KEY: key,
        PORT: String(this.port),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await until(startTimeoutMs, 'the consumer', async () => (await this.isUp()) || undefined);
  }

  /** As the loss of its machine would end it, whatever it has in hand. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /**
   * Posts an event as an API destination does.
   * @returns the status of the answer; `undefined` when there was none
   */
  async post(body: string, sentKey = key): Promise<number | undefined> {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'x-api-key': sentKey };
    return await new Promise((resolve) => {
      request({ port: this.port, method: 'POST', path: '/', agent: this.agent, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
        response.on('error', () => resolve(undefined));
      })
        .on('error', () => resolve(undefined))
        .end(body);
    });
  }

  async close(): Promise<void> {
    await this.kill();
    this.agent.destroy();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async isUp(): Promise<boolean> {
    return (await this.post('{}', 'another key')) === 401;
  }
}

/** How a delivery went. */
export interface Delivered {
  readonly answered: number;
  /** Deliveries that a kill left without an answer, and that were made again. */
  readonly unanswered: number;
  readonly kills: number;
}

/** As many as EventBridge may have under way at once. */
const atOnce = 40;

/**
 * Delivers like EventBridge: whatever is not answered with 204 is told again later. Meanwhile the consumer is killed so many
 * times, each time in the midst of its work.
 */
export async function deliverAll(
  bodies: readonly string[],
  kills: number,
  consumer: ConsumerProcess,
): Promise<Delivered> {
  const waiting = [...bodies];
  const killEvery = Math.floor(bodies.length / (kills + 1));
  let answered = 0;
  let unanswered = 0;
  let killed = 0;
  const deliver = async (): Promise<void> => {
    for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
      if ((await consumer.post(body)) === 204) {
        answered += 1;
        if (killed < kills && answered >= killEvery * (killed + 1)) {
          killed += 1;
          await consumer.kill();
          await consumer.restart();
        }
      } else {
        unanswered += 1;
        waiting.unshift(body);
        await sleep(20);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, deliver));
  return { answered, unanswered, kills: killed };
}
