import { readdirSync, readFileSync } from 'node:fs';

/** A process, whoever started it and whoever is its parent by now. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Every living process whose environment holds this text, as all descendants of a process with it do. */
export const processesWith = (setting: string): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => contentOf(`/proc/${pid}/environ`).split('\0').includes(setting))
    .map((pid) => ({
      pid: Number(pid),
      command: contentOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(),
    }));

/** How long they and those of their children that have ended have had a processor, all together. */
export const processorMs = (processes: readonly Process[]): number =>
  processes.reduce((sum, { pid }) => sum + ticksOf(contentOf(`/proc/${pid}/stat`)) * msPerTick, 0);

/** What Linux shows to programs, whatever it counts in itself (proc(5), sysconf(3)). */
const msPerTick = 10;

/** utime, stime, cutime and cstime; counted from the end of the name, which may hold spaces. */
const ticksOf = (stat: string): number =>
  stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .reduce((sum, field) => sum + Number(field), 0);

/** How busy a machine was, counted from any instant on. */
export interface Business {
  /** How long these processes have had a processor. */
  readonly ownMs: number;
  /** How long anybody has. */
  readonly allMs: number;
  /** How long each thread of theirs was ready to go on and had to wait for a processor (Linux, sched-stats). */
  readonly waitedMs: ReadonlyMap<string, number>;
}

export function business(processes: readonly Process[]): Business {
  const threads = processes.flatMap(({ pid }) =>
    namesIn(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`),
  );
  const [, ...fields] = (contentOf('/proc/stat').split('\n')[0] ?? '').split(/ +/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.map(Number);
  return {
    ownMs: processorMs(processes),
    allMs: (user + nice + system + irq + softirq + steal) * msPerTick,
    waitedMs: new Map(threads.map((path) => [path, Number(contentOf(path).split(' ')[1] ?? 0) / 1e6])),
  };
}

/** How long the thread that waited longest was kept from a processor by programs of others, between two instants. */
export function heldUpMs(before: Business, after: Business): number {
  const waits = [...after.waitedMs].map(([path, ms]) => ms - (before.waitedMs.get(path) ?? 0));
  const own = after.ownMs - before.ownMs;
  const share = 1 - own / Math.max(own, after.allMs - before.allMs, 1);
  return share * Math.max(0, ...waits);
}

/** Kills them all at once, as the loss of the machine would. */
export function killAll(processes: readonly Process[]): void {
  for (const { pid } of processes) signal(pid, 'SIGKILL');
}

/** A process that has ended meanwhile is what was wanted. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Empty for a process that has ended, or is somebody else's. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
