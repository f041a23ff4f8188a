import type { Timings } from '../../core/timings';
import type { Accuracy, Result } from './accuracy';
import { largestOf, rateOf, spreadOf, tableOf, whole } from './table';

/** The page of the documentation that tells what was measured. */
export function pageOf(accuracy: Accuracy): string {
  const parts = [
    summary(accuracy),
    truthPart(accuracy),
    latenessPart(accuracy),
    promisesPart(accuracy),
    comparedPart(accuracy),
    modelPart(accuracy),
    leftOut,
  ];
  return `${parts.join('\n\n')}\n`;
}

const sumOf = (results: readonly Result[], pick: (result: Result) => number): number =>
  results.reduce((sum, result) => sum + pick(result), 0);

const hoursOf = (results: readonly Result[]): number => sumOf(results, ({ tally }) => tally.hours);

const falseIn = (results: readonly Result[]): number => sumOf(results, ({ tally }) => tally.falseOfflines);

/** Those that matter here, `allowance 3, slackSeconds 5`. */
const timingsText = (t: Timings): string => {
  const { ttlBehindLeaseSeconds: _, ...rest } = t;
  const texts = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return `${texts.slice(0, 5).join(', ')},\n  ${texts.slice(5).join(', ')}`;
};

/** Scenarios without loss of their own, in which something else goes wrong. */
const causedByFaults = ({ kept }: Accuracy): readonly Result[] =>
  kept.filter(({ scenario }) => scenario.fault !== 'none' && scenario.loss === 0);

function summary(accuracy: Accuracy): string {
  const { seed, timings, kept, broken } = accuracy;
  const faulty = causedByFaults(accuracy);
  const hours = hoursOf([...kept, ...broken]);
  const sessions = sumOf(faulty, ({ tally }) => tally.sessions);
  const faults = sumOf(faulty, ({ tally }) => tally.worlds);
  return `# Accuracy

How often a facility is told offline although its front end is there, and how late the truth is told. Written by
\`npm run accuracy\`, which takes some minutes; \`--seed\` and \`--hours\` repeat it with other numbers. Do not edit it.

- Seed ${seed}, ${whole(hours)} session-hours, and ${whole(hoursOf(accuracy.compared))} more with other timings.
- Timings (\`core/timings.ts\`): ${timingsText(timings)}.
- Lag, outages and deploys took ${falseIn(faulty)} of ${whole(sessions)} front ends offline falsely, in ${whole(faults)} faults and
  ${whole(hoursOf(faulty))} session-hours without any loss of their own.
- ${neverTold(accuracy)}`;
}

function neverTold({ kept, broken, compared }: Accuracy): string {
  const count = sumOf([...kept, ...broken, ...compared], ({ tally }) => tally.neverTold);
  return count === 0
    ? 'Every front end that was gone was told offline in the end.'
    : `${whole(count)} front ends that were gone were never told offline.`;
}

function truthPart({ kept, broken }: Accuracy): string {
  const header = [
    'scenario',
    'session-hours',
    'faults',
    'false offlines',
    'per session-hour (95 %)',
    'writes per beat',
  ];
  const rows = (results: readonly Result[]) =>
    results.map(({ scenario, tally }) => [
      scenario.title,
      whole(tally.hours),
      scenario.fault === 'none' ? '' : whole(tally.worlds),
      whole(tally.falseOfflines),
      rateOf(tally),
      (tally.writes / tally.beats).toFixed(2),
    ]);
  return `## False offlines

A false offline is a tick that tells a facility offline while its only front end is there and goes on beating. Visible tabs beat every
30 s, hidden ones every 60 s, each saying so. The interval holds the true rate with 95 % confidence (Poisson, exact); with nothing seen
it is an upper bound, by the rule of three.

${tableOf(header, rows(kept))}

What it costs to break the contract (HB2), and to declare another pace than the browser keeps:

${tableOf(header, rows(broken))}

A front end that slows down should declare its new pace and keep the old one for one beat more. The beat that declares it may be the
one that is lost: whoever slows down at once then has a short lease and a long pause before them, as the line above shows.`;
}

function latenessPart({ kept }: Accuracy): string {
  const header = ['scenario', 'online', 'goodbye', 'silence, from the end', 'silence, from the lease'];
  const rows = kept.map(({ scenario, tally }) => [
    scenario.title,
    spreadOf(tally.startAfterSent),
    spreadOf(tally.goodbyeAfterSent),
    spreadOf(tally.silenceAfterEnd),
    spreadOf(tally.silenceAfterLease),
  ]);
  return `## Lateness

Median / 99th percentile / largest, in seconds, to the tick that tells it: of the first beat, from when it was sent (a first beat that
is lost waits for the second); of a goodbye, from when it was sent; of silence, from the moment at which the front end was gone, and from
the end of the lease of its last beat that arrived (HB3), the reserve (HB6) not counted. With faults, only some of those who came and
went met one.

${tableOf(header, rows)}`;
}

/** docs/SPEC.md bounds what happens after the arrival, as long as nothing is out of order. */
function promisesPart({ kept, timings: t }: Accuracy): string {
  const healthy = kept.filter(({ scenario }) => scenario.fault === 'none');
  const largest = (pick: (result: Result) => string): string =>
    healthy.map(pick).reduce((most, text) => (Number(text) > Number(most) ? text : most), '0');
  const header = ['what', 'promised, at most (s)', 'largest seen (s)'];
  const rows = [
    ['from a first beat', `${2 + t.tickSeconds}`, largest(({ tally }) => largestOf(tally.startAfterArrival))],
    [
      'from a goodbye',
      `${t.leaveGraceSeconds + 2 * t.tickSeconds + 4}`,
      largest(({ tally }) => largestOf(tally.goodbyeAfterArrival)),
    ],
    [
      'from the end of lease and reserve',
      `${2 * t.tickSeconds + 4}`,
      largest(({ tally }) => largestOf(tally.silenceAfterReserve)),
    ],
  ];
  return `## What is promised

The bounds of [SPEC.md](SPEC.md) count from the arrival. Of the scenarios without a fault:

${tableOf(header, rows)}`;
}

function comparedPart({ compared }: Accuracy): string {
  const header = [
    'scenario',
    'allowance',
    'renewBeats',
    'session-hours',
    'false offlines per session-hour',
    'writes per beat',
    'silence, from the end',
  ];
  const rows = compared.map(({ scenario, timings, tally }) => [
    scenario.title,
    String(timings.allowance),
    String(timings.renewBeats),
    whole(tally.hours),
    rateOf(tally),
    (tally.writes / tally.beats).toFixed(2),
    spreadOf(tally.silenceAfterEnd),
  ]);
  return `## Other timings

The same front ends with another \`allowance\` and \`renewBeats\`. Each beat more of allowance makes false offlines rarer by about the
share of beats that is lost, and silence is told one interval later. The reserve that saves writes (HB6) does some of the same.

${tableOf(header, rows)}`;
}

const modelPart = ({ check }: Accuracy): string => `## The model

Time is simulated; what is decided is decided by the very functions that run on AWS: \`mergeBeat\`, \`endOf\`, \`standingAfter\`,
\`refusalsAfter\`, \`progressOf\` and what they call. Around them:

- **Front ends** are the only session of their facility, so that nobody else hides their faults. They live for 5 to 90 minutes; half of
  them say goodbye, half are just gone. Timers are up to 0.1 s late each time in visible tabs, up to 1 s in hidden ones. A beat travels
  for 80 ms in the median, over a second once in a hundred times, ten seconds at most, and none overtakes another of its front end. Lost
  beats are independent of each other, and nobody tries again before the next beat. Tabs in turn are visible for 10 minutes and hidden
  for 20 on average, and beat when that changes. One record of a thousand is delivered twice.
- **The stream** has two shards, which heartbeat-monitor looks at once a second, each time taking 50 to 400 ms; once behind it works off 20
  seconds in one. What is older than the maximum record age is discarded.
- **Session-monitor** ticks, sends its canaries, and reads watermarks that are written by then. What it decides counts as told at
  the tick.
- **Faults** come once in each world of three and a half hours, with 250 front ends. A stall stops both shards, or one. An outage takes
  everything, or lets a random share through; it says no, which is noted, or nobody reaches it at all; a third of them lasts between 6 and 90
  seconds. Out of reach again and again means 3 to 6 times, for 30 to 90 s each, with 3 to 42 s between. Processing that is too slow has
  been stalled for 9 to 10 minutes and then works off 20 to 90 % of what arrives for 2 to 10. In a deploy both monitors pause for
  10 s to 6 minutes, not exactly together.

A status can change only after a beat was written, and when as-of passes a lease; only these ticks are looked at. That this leaves out
nothing was checked on ${whole(check.facilities)} facilities whose regions were settled whole at every due tick, by \`settle\`, up to a quarter of their
beats lost: ${whole(check.told)} changes of status, ${whole(check.different.length)} facilities told differently.`;

const leftOut = `## What it leaves out

- Bursts: a front end without a network for longer than its lease is told offline, as it should be. Loss in the network of a browser
  comes in bursts more often than not, so rates with independent loss are about single beats, not about bad days.
- Tries again: a front end that sends a lost beat once more loses fewer. The rates are those of one that does not.
- Facilities with several sessions, which are offline only when all are: their rates are the product.
- Reloads: a goodbye waits for nothing, so a page that says goodbye right before an outage and cannot report again takes its facility
  offline until the outage is over.
- Outages that last less than the freshness limit and come again and again, so that each takes the one beat that is due: where
  nobody is told no, they look like slow ticks (TR3). So do outages that end before the next canary; each takes one beat at most from
  whoever beats less often than there are ticks.
- Trouble of more than 15 minutes, beyond which timeouts are told in spite of it, and are marked so (TR3).
- What DynamoDB, API Gateway and the page take after the tick: some hundred milliseconds, which nothing here measures.
- Everything that breaks without being slow, lost or late, such as a crash between two writes.`;
