import { GCProfiler, getHeapStatistics } from 'node:v8';

/** The middle one of several measurements, and the extremes, which say how much to believe it. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** What one item of a scenario's work takes. */
export interface Cost {
  /** Processor time of all threads of the process, garbage collection included, in microseconds. */
  readonly cpuUs: Spread;
  /** On the heap; what buffers hold is apart from it. */
  readonly allocatedBytes: number;
}

export interface Rounds {
  /** Items that one round works off. */
  readonly items: number;
  /** Rounds that count, for processor time. */
  readonly rounds?: number;
  /** Rounds before, in which the machine gets warm. */
  readonly warmUp?: number;
  /** Makes ready what a round needs; it is not measured. */
  readonly prepare?: (round: number) => unknown;
  readonly work: (round: number) => unknown;
}

/** What the work takes per item: the median of several rounds, in each of which nothing else is measured. */
export async function costOf({
  items,
  rounds = 15,
  warmUp = 10,
  prepare = () => {},
  work,
}: Rounds): Promise<Cost> {
  const cpuUs: number[] = [];
  const bytes: number[] = [];
  let round = 0;
  const next = async (measure: (run: () => unknown) => Promise<number>): Promise<number> => {
    const number = round++;
    await prepare(number);
    return (await measure(() => work(number))) / items;
  };
  for (let index = 0; index < warmUp; index += 1) await next(cpuUsOf);
  for (let index = 0; index < rounds; index += 1) cpuUs.push(await next(cpuUsOf));
  for (let index = 0; index < 3; index += 1) bytes.push(await next(allocatedBy));
  return { cpuUs: spreadOf(cpuUs), allocatedBytes: spreadOf(bytes).median };
}

/** Processor time that the work takes, in microseconds. */
export async function cpuUsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Bytes that the work allocates on the heap: what it holds more afterwards, and what was collected meanwhile. */
async function allocatedBy(work: () => unknown): Promise<number> {
  const profiler = new GCProfiler();
  profiler.start();
  let heldBytes = getHeapStatistics().used_heap_size;
  await work();
  const endBytes = getHeapStatistics().used_heap_size;
  let allocatedBytes = 0;
  for (const { beforeGC, afterGC } of profiler.stop().statistics) {
    allocatedBytes += beforeGC.heapStatistics.usedHeapSize - heldBytes;
    heldBytes = afterGC.heapStatistics.usedHeapSize;
  }
  return allocatedBytes + endBytes - heldBytes;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), least: Math.min(...values), most: Math.max(...values) };
}

/** The smallest of the values that so large a share of them does not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
