import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsFrom } from '../../lib/settings';
import { tableOf } from '../../tools/accuracy/table';
import { assumedMs, memoryMb, sdkCallMs, sdkRowMs } from '../metering/lambda-time';
import { dollarsFor, prices } from '../metering/prices';
import type { Figures } from '../scale/report';
import { reportOf } from '../scale/report';
import { beatsOf, estimate, naiveDollars } from './estimate';
import { loadFrom } from './load';
import { measured } from './measured';
import { dollarsByPart } from './parts';
import { setupOf, shardsFor } from './setup';
import { sheetOf } from './sheet';
import { dollars, grouped } from './words';

/** What `npm run scale -- --json` wrote last, of fifty thousand sessions and of a million. */
const scaleFiles = ['results.json', 'results-million.json'].map((name) => join(__dirname, '../scale', name));

/** docs/COST.md, whole. */
export const pageOf = (): string =>
  `# Cost

What a month on AWS costs, from the settings of the stack. This page is made by \`npm run cost -- --page docs/COST.md\`; for a load
and settings of your own:

\`\`\`sh
npm run cost -- --sessions 3000 --per-facility 5 --hours-a-day 8                # a sheet like the one below, for offices
npm run cost -- --json                                                          # for programs
npm run scale -- --sessions 50000                                               # the same load, simulated and metered
curl localhost:8787/dev/meter                                                   # what npm start would have cost so far
\`\`\`

\`--sessions\` is how many there are at any moment, day and night unless \`--hours-a-day\` says otherwise; \`--session-hours\` is only after how long
each is replaced by another. What another choice would cost stands at the end of the sheet; try it whole with \`--beat 60 --renew-beats 3 --tick 60\`, and
set it in \`cdk.json\`: \`{ "context": { "rollcall": { "timings": { "renewBeats": 3, "tickSeconds": 60, "freshnessSeconds": 180 } } } }\`, with \`interval: 60\` in the
front ends.

\`npm run cost\` takes what is not said on the command line from the context \`rollcall\` of \`cdk.json\`, as \`cdk synth\` does, which says in two
lines what the settings cost.

## A million sessions

${sheetOf(defaults(), true)}

## While nobody beats

${dollars(idle().dollars)} a month with the defaults: what is there, and what looks whether somebody comes. Alarms and dashboard are about $8 besides (CONFIGURATION.md,
\`alarms\`), a key of one's own $1.

${idleTable()}

## By size and stay

Dollars a month with the defaults, ten sessions to a facility, a thousand to a region, and in brackets the write units per 1,000 heartbeats. How
long a session stays matters more than how many facilities there are: each that comes or goes has its region read and its
presence told.

${sizesTable()}

At the default reserve of one beat, every second heartbeat is written as a renewal, and each tenth of these writes spares one more (HB6): 476 units
per 1,000; at two beats 323. Whatever comes and goes is on top: about 35 units for each session that joins and leaves, the settles that it causes included.

All of this takes it that a copy of heartbeat-monitor goes on with the shard that it had, which Lambda does not promise. A heartbeat whose session another
copy had before, or which carries no \`seq\`, is a read of one unit on top (HB6): for a million sessions ${dollars(everyBeatRead())} a month if it were every one.

## Checked against the running code

\`npm run scale\` runs the real handlers on stores in memory under virtual time, each call through a port metered: item sizes and units by
AWS's published rules, transactions twice, index writes, payload units, messages, requests, and Lambda's time from the processor time
measured here. A test holds the sheet to it within a tenth (\`test/apart/scale.test.ts\`); another one compares what the ports are charged with what DynamoDB itself says that the adapters for AWS consumed
(\`test/bench/metering/clients.test.ts\`).

The bill of a million was metered with all of their sessions in the memory of one process, on two processors that other programs used, too: its processor
times, which are in its dollars, are several times those of \`npm run bench\`.

${scaleSection()}

## What is measured and what is assumed

- Prices: \`bench/metering/prices.ts\`, with their dates and sources.
- Processor time of the handlers, measured here: ${measured.endpointMs} ms a beat in heartbeat-endpoint with its signature check, ${measured.monitorMsPerBeat} ms in
  heartbeat-monitor, ${measured.settleMsPerRow} ms a row that a settle looks at.
- Processor time of the SDK, measured here against a server that answers at once: ${sdkCallMs.alone} ms a call, ${sdkCallMs.together} ms where a hundred go side by side,
  ${sdkRowMs} ms a row that a query returns. That is most of what heartbeat-endpoint takes.
- A function has a share of a processor by its memory: ${Object.entries(memoryMb)
    .map(([stage, mb]) => `${stage} ${mb} MB`)
    .join(', ')}.
- Assumed, since only AWS can say: round trips of ${assumedMs.dynamo} ms to DynamoDB, ${assumedMs.kinesis} ms to Kinesis and ${assumedMs.feed} ms to sockets; 300 bytes of headers
  in each answer.
- Left out: sign-in (Amazon Cognito bills monthly active users of the stack's own pool), the firewall, tracing, alarms, storage, data
  that leaves AWS for operators over HTTP, free tiers, support and taxes.
- The metered month assumes that a pass of session-monitor ends within its tick. Where the table of limits says that it does not, passes
  come later, and settling costs less than it says.
`;

const idle = () =>
  estimate(
    loadFrom({ sessions: 1, perFacility: 1, regions: 1, operators: 0, sessionHours: 720 }),
    setupFor(1),
  );

function idleTable(): string {
  const rows = [...dollarsByPart(idle().bill)].map(([part, amount]) => [part, dollars(amount)]);
  return tableOf(['part', 'a month'], rows);
}

function everyBeatRead(): number {
  const load = loadFrom();
  return dollarsFor(prices.dynamoReadUnits, beatsOf(load, setupFor(load.sessions)));
}

const defaults = () => estimate(loadFrom(), setupFor(loadFrom().sessions));

const setupFor = (sessions: number, renewBeats = 1) => {
  const settings = settingsFrom({ timings: { renewBeats } });
  return setupOf(settings, shardsFor(sessions / settings.timings.beatSeconds));
};

function sizesTable(): string {
  const hours = [1, 8, 24, 720];
  const rows = [1_000, 10_000, 100_000, 1_000_000].flatMap((sessions) =>
    [1, 2].map((renewBeats) => {
      const setup = setupFor(sessions, renewBeats);
      const regions = Math.max(1, sessions / 1_000);
      const load = loadFrom({ sessions, regions, operators: Math.ceil(regions / 2) });
      const cells = hours.map((sessionHours) => {
        const made = estimate({ ...load, sessionHours }, setup);
        return `${dollars(made.dollars)} (${made.writeUnitsPerThousandBeats.toFixed(0)})`;
      });
      return [grouped(sessions), String(renewBeats), ...cells, dollars(naiveDollars(load, setup))];
    }),
  );
  return tableOf(['sessions', 'renewBeats', ...hours.map((each) => `${each} h`), 'naive, untuned'], rows);
}

function scaleSection(): string {
  const made = scaleFiles.filter((file) => existsSync(file));
  if (made.length === 0) return 'Not run yet: `npm run scale -- --json bench/scale/results.json`.';
  return made
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as { readonly figures: Figures })
    .map(({ figures }) => reportOf(figures))
    .join('\n\n');
}
