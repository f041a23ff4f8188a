import { readdirSync, readFileSync } from 'node:fs';
import type { Process } from './processes';

/** What processes take of the machine. */
export interface Gauge {
  /** Resident memory of all of them, in megabytes. */
  readonly memoryMb: number;
  /** Open files, sockets and pipes of all of them. */
  readonly handles: number;
}

/** What these processes hold now, all together. */
export function gauge(processes: readonly Process[]): Gauge {
  const each = processes.map(({ pid }) => ({ kb: residentKb(pid), handles: handlesOf(pid) }));
  return {
    memoryMb: Math.round(each.reduce((sum, { kb }) => sum + kb, 0) / 1_024),
    handles: each.reduce((sum, { handles }) => sum + handles, 0),
  };
}

/** VmRSS of proc(5); 0 for a process that has ended. */
function residentKb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function handlesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
