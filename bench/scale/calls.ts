/** How often each method of some ports was called. */
export class Calls {
  private counts = new Map<string, number>();
  private items = new Map<string, number>();

  /** The same ports, their calls counted as `sessions.save`, `ledger.commit`, … */
  counting<P extends object>(ports: P): P {
    const watched = Object.entries(ports).map(([name, port]) => [name, this.watching(name, port)]);
    return Object.fromEntries(watched) as P;
  }

  of(call: string): number {
    return this.counts.get(call) ?? 0;
  }

  /** All of the named ports. */
  ofPorts(...names: readonly string[]): number {
    let sum = 0;
    for (const [call, count] of this.counts)
      if (names.includes(call.slice(0, call.indexOf('.')))) sum += count;
    return sum;
  }

  /** How many items the lists had that a method returned. */
  itemsOf(call: string): number {
    return this.items.get(call) ?? 0;
  }

  reset(): void {
    this.counts = new Map();
    this.items = new Map();
  }

  private note(counts: Map<string, number>, call: string, more: number): void {
    counts.set(call, (counts.get(call) ?? 0) + more);
  }

  private watching(name: string, port: unknown): unknown {
    if (typeof port !== 'object' || port === null) return port;
    const methods = new Map<string | symbol, unknown>();
    return new Proxy(port, {
      get: (target, property) => {
        const known = methods.get(property);
        if (known !== undefined) return known;
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        const call = `${name}.${String(property)}`;
        const counted = async (...given: unknown[]): Promise<unknown> => {
          this.note(this.counts, call, 1);
          const result: unknown = await Reflect.apply(value, target, given);
          if (Array.isArray(result)) this.note(this.items, call, result.length);
          return result;
        };
        methods.set(property, counted);
        return counted;
      },
    });
  }
}
