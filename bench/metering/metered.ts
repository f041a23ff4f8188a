type Method = (...given: never[]) => Promise<unknown>;

/** What each method of a port costs: told what it was given and what came of it, a failure as `undefined`. */
export type Charges<P> = {
  readonly [K in keyof P as P[K] extends Method ? K : never]: P[K] extends (
    ...given: infer A
  ) => Promise<infer R>
    ? (given: A, result: R | undefined) => void
    : never;
};

/**
 * The same port, with each call charged once it has ended: a call that failed was billed, too, since the conditions of
 * DynamoDB cost what the write would have cost. A method without a charge does not compile; what is no method of the
 * port passes as it is.
 */
export function metered<P extends object>(port: P, charges: Charges<P>): P {
  const known = charges as Readonly<
    Record<string, ((given: unknown[], result: unknown) => void) | undefined>
  >;
  const methods = new Map<string, unknown>();
  return new Proxy(port, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      const charge = typeof property === 'string' ? known[property] : undefined;
      if (charge === undefined || typeof value !== 'function' || typeof property !== 'string') {
        return typeof value === 'function' ? value.bind(target) : value;
      }
      const ready =
        methods.get(property) ?? charged((...given) => Reflect.apply(value, target, given), charge);
      methods.set(property, ready);
      return ready;
    },
  });
}

const charged =
  (call: (...given: unknown[]) => Promise<unknown>, charge: (given: unknown[], result: unknown) => void) =>
  async (...given: unknown[]): Promise<unknown> => {
    try {
      const result = await call(...given);
      charge(given, result);
      return result;
    } catch (error) {
      charge(given, undefined);
      throw error;
    }
  };
