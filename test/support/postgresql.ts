import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../local/child-program';
import { until } from './waiting';

const startTimeoutMs = 20_000;

/** A PostgreSQL of the machine's packages with a directory of its own, as durable as it is by default. */
export class Postgresql {
  private constructor(
    private readonly server: ChildProcess,
    private readonly directory: string,
    readonly url: string,
  ) {}

  static async start(): Promise<Postgresql> {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-postgresql-'));
    const user = serverUser();
    chmodSync(directory, 0o700);
    if (user !== undefined) chownSync(directory, user.uid, user.gid);
    const data = join(directory, 'data');
    const as = { ...user, cwd: directory, stdio: 'pipe' } as const;
    execFileSync(
      program('initdb'),
      ['-D', data, '-U', 'rollcall', '-A', 'trust', '-E', 'UTF8', '--no-locale'],
      as,
    );
    const port = await freePort();
    const options = ['-D', data, '-p', port, '-k', directory, '-c', 'listen_addresses=127.0.0.1'];
    const server = spawn(program('postgres'), options.map(String), { ...as, stdio: 'ignore' });
    const started = new Postgresql(server, directory, `postgres://rollcall@127.0.0.1:${port}/postgres`);
    await until(startTimeoutMs, 'PostgreSQL', () => started.answers());
    return started;
  }

  async rows<Row>(statement: string): Promise<readonly Row[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(statement)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    // Immediate shutdown (PostgreSQL manual, "Shutting Down the Server"): nobody needs the data any more.
    this.server.kill('SIGQUIT');
    if (this.server.exitCode === null) await once(this.server, 'exit');
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async answers(): Promise<true | undefined> {
    try {
      await this.rows('select 1');
      return true;
    } catch {
      return undefined;
    }
  }
}

/** PostgreSQL refuses to run as root: then as the user that its package made. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (option: string): number =>
    Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

const packaged = '/usr/lib/postgresql';

/** Debian keeps the programs of each version apart, and only the clients' on the path. */
function program(name: string): string {
  const versions = existsSync(packaged) ? readdirSync(packaged) : [];
  const newestFirst = versions.toSorted((one, other) => Number(other) - Number(one));
  const directories = [
    ...newestFirst.map((version) => join(packaged, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`Install PostgreSQL: there is no ${name} on this machine.`);
  return found;
}
