import { campaign } from '../fuzz/campaign';
import { seconds } from '../support/builders';

/** Another seed sends other requests; `npm run fuzz` sends many more of them. */
const seed = Number(process.env.ROLLCALL_FUZZ_SEED ?? 42);
const requests = Number(process.env.ROLLCALL_FUZZ_REQUESTS ?? 250);

test(
  'AC1, AC3, AC4, AC5 given requests, tokens, tickets and frames of every kind, then each is answered as it is described, what is refused writes nothing, and the system is as well as before',
  async () => {
    const { faults, statuses } = await campaign({ requests, seed });

    expect({ seed, faults }).toEqual({ seed, faults: [] });
    // Of either kind there were many: those that were taken, and those that were not.
    expect(statuses[200]).toBeGreaterThan(requests / 20);
    expect(statuses[400]).toBeGreaterThan(requests / 20);
  },
  seconds(120) + requests * 50,
);
