import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type RedisClientType } from 'redis';
import { RollcallError } from '../../core/errors';

/** A Redis server of its own, on a socket that nobody else knows, which keeps nothing. */
export class RedisServer {
  private constructor(
    readonly client: RedisClientType,
    private readonly stop: () => Promise<void>,
  ) {}

  /** @throws RollcallError where redis-server is not installed */
  static async start(): Promise<RedisServer> {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-redis-'));
    const path = join(directory, 'redis.sock');
    const child = spawn(
      'redis-server',
      ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    // Whatever ends this process, ends it too.
    const kill = (): void => void child.kill();
    process.once('exit', kill);
    const missing = once(child, 'error').then(() => {
      throw new RollcallError('The comparison needs redis-server; install Redis 7 (Debian: redis-server).');
    });
    await Promise.race([missing, untilItSays(child.stdout, 'eady to accept connections')]);
    const client = createClient({ socket: { path, tls: false } }) as RedisClientType;
    await client.connect();
    return new RedisServer(client, async () => {
      await client.close();
      process.off('exit', kill);
      child.kill();
      await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    });
  }

  /** Processor time that the server has used so far, in microseconds. */
  async cpuUs(): Promise<number> {
    const info = await this.client.info('cpu');
    const seconds = ['used_cpu_sys', 'used_cpu_user'].map((name) =>
      Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? Number.NaN),
    );
    return seconds.reduce((sum, part) => sum + part, 0) * 1_000_000;
  }

  close(): Promise<void> {
    return this.stop();
  }
}

async function untilItSays(stream: NodeJS.ReadableStream, words: string): Promise<void> {
  let said = '';
  for await (const chunk of stream) {
    said += chunk;
    if (said.includes(words)) break;
  }
  stream.resume();
}
