/** Median, 99th percentile and largest of what was measured. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** Numbers of which only the spread is wanted. */
export class Samples {
  private readonly values: number[] = [];

  add(value: number): void {
    this.values.push(value);
  }

  /** `undefined` of nothing. */
  spread(): Spread | undefined {
    const sorted = Float64Array.from(this.values).sort();
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    if (sorted.length === 0) return undefined;
    return { count: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) };
  }
}

/** Between which rates the true one lies with 95 % confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The exact interval of a Poisson count (Garwood 1936), found by halving. Of nothing seen at all only an upper bound can be
 * told, with all 5 % on its side: 3.0, the rule of three.
 */
export function poissonInterval(count: number): Interval {
  if (count === 0) return { low: 0, high: -Math.log(0.05) };
  return {
    low: solve((mean) => 1 - atMost(count - 1, mean) < 0.025, count),
    high: solve((mean) => atMost(count, mean) > 0.025, count),
  };
}

/** The mean up to which something holds. */
function solve(holds: (mean: number) => boolean, count: number): number {
  let [low, high] = [0, 2 * count + 20];
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** How likely a Poisson variable of this mean is at most `count`; in logarithms, since the terms of large means vanish. */
function atMost(count: number, mean: number): number {
  let [logTerm, sum] = [-mean, Math.exp(-mean)];
  for (let k = 1; k <= count; k += 1) {
    logTerm += Math.log(mean / k);
    sum += Math.exp(logTerm);
  }
  return sum;
}
