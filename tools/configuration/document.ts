import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '../../core/limits';
import { defaultTimings } from '../../core/timings';
import { defaultQuotas } from '../../lib/quotas';
import { choicesIn, type Field, fieldsOf, methodsOf } from './interfaces';

const root = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const choices = choicesIn(read('lib/settings.ts'));

/** Where the reference is kept. */
export const configurationFile = join(root, 'docs', 'CONFIGURATION.md');

const introduction = `# Configuration

Everything has a default. Options are written in three places, whichever suits:

- in \`cdk.json\`, as the context \`rollcall\`, for \`npx cdk deploy\`; \`npm start\` takes what means something on one machine from there
  too: \`{ "context": { "rollcall": { "shards": 2, "timings": { "tickSeconds": 10 } } } }\`; \`-c 'rollcall={…}'\` adds to them for one command
- in \`bin/environments.ts\`, typed, for \`npx cdk deploy -c environment=prod\`, which reads nothing of the context \`rollcall\`
- as props of the construct, in a stack of your own: \`new Rollcall(stack, 'Rollcall', { shards: 2 })\`

What cannot work, or contradicts something else, ends the synthesis with a sentence that says what to change.

This page is made from the types by \`npm run configuration\`. Prices are those of us-east-1.`;

const constructText = `## The construct

\`Rollcall\` shows what it is made of: \`page\`, \`access\`, \`data\` (\`beats\`, the tables, \`deadLetters\`, \`canarySecret\`,
\`encryptionKey\`), \`endpoint\`, \`heartbeatMonitor\`, \`sessionMonitor\` (with \`events\`, the bus), \`feed\` (with \`webSocketApi\`),
\`api\` (with \`httpApi\`), \`firewall\`, and \`functions\` by stage. It needs \`aws-cdk-lib\` and \`constructs\` of the app that uses it.`;

interface Section {
  readonly title: string;
  readonly text?: string;
  readonly file: string;
  readonly name: string;
  /** What is used where a value is left out. */
  readonly values?: object;
}

const sections: readonly Section[] = [
  { title: 'Options', file: 'lib/settings.ts', name: 'RollcallOptions' },
  {
    title: 'What exists already',
    text: 'Props of the construct alone, since they are resources of the app.',
    file: 'lib/rollcall-props.ts',
    name: 'RollcallProps',
  },
  { title: 'Domain', file: 'lib/domain.ts', name: 'RollcallDomain' },
  { title: 'An issuer of tokens', file: 'lib/settings.ts', name: 'TokenIssuer' },
  { title: 'Firewall', file: 'lib/settings.ts', name: 'FirewallOptions' },
  { title: 'Status destination', file: 'lib/settings.ts', name: 'StatusDestinationOptions' },
  {
    title: 'Timings',
    text: 'Seconds, where a name says so. What must hold among them is checked at synth and when a function starts.',
    file: 'core/timings.ts',
    name: 'Timings',
    values: defaultTimings,
  },
  { title: 'Limits', file: 'core/limits.ts', name: 'Limits', values: defaultLimits },
  { title: 'Quotas', file: 'lib/quotas.ts', name: 'Quotas', values: defaultQuotas },
  {
    title: 'Environments',
    text: 'Of each environment in `bin/environments.ts`, besides all options.',
    file: 'lib/environment.ts',
    name: 'Environment',
  },
];

/** The reference of all that can be set, as Markdown. */
export const configurationReference = (): string =>
  `${[introduction, ...sections.map(sectionAsMarkdown), construct()].join('\n\n')}\n`;

/** What the construct offers, besides the parts that it is made of. */
function construct(): string {
  const items = methodsOf(read('lib/rollcall.ts')).map(({ name, text }) => `- **${name}**: ${text}`);
  return [constructText, items.join('\n')].join('\n\n');
}

function sectionAsMarkdown({ title, text, file, name, values }: Section): string {
  const fields = fieldsOf(read(file), name);
  const items = fields.map((field) => item(field, values as Readonly<Record<string, unknown>>));
  return [`## ${title}`, ...(text === undefined ? [] : [text]), items.join('\n')].join('\n\n');
}

function item(field: Field, values: Readonly<Record<string, unknown>> | undefined): string {
  const standard = values === undefined ? field.default : `\`${values[field.name]}\``;
  const type = choices.get(field.type) ?? field.type;
  const unlessGiven = standard === undefined ? 'Required.' : `Default: ${standard}.`;
  return `- **${field.name}** (\`${type}\`): ${field.text} ${unlessGiven}`;
}
