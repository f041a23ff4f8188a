/** Told of each call of a port's methods. */
export interface CallWatcher {
  before?(call: string): void | Promise<void>;
  after?(call: string): void | Promise<void>;
}

/** The same ports, with a watcher around each call of the named ones: `ledger.commit`, `feed.post`, … */
export function spied<P extends object>(
  ports: P,
  names: readonly (keyof P & string)[],
  watcher: CallWatcher,
): P {
  const entries = names.map((name) => [name, watched(name, ports[name] as object, watcher)] as const);
  return { ...ports, ...Object.fromEntries(entries) };
}

const watched = (name: string, port: object, watcher: CallWatcher): object =>
  new Proxy(port, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function' || typeof property === 'symbol') return value;
      return async (...given: unknown[]) => {
        const call = `${name}.${property}`;
        await watcher.before?.(call);
        const result: unknown = await Reflect.apply(value, target, given);
        await watcher.after?.(call);
        return result;
      };
    },
  });
