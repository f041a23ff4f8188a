import '../../local/quiet-sdk';
import { parseArgs } from 'node:util';
import { type SoakReport, soak } from './soak';

const usage = 'Usage: npm run soak -- [--minutes 10] [--fleet 150] [--seed 1]';

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} takes a whole number. ${usage}`);
}

/** @returns the exit code: 1 where anything went wrong */
async function main(words: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...words], options: { minutes: text, fleet: text, seed: text } });
  const minutes = wholeNumber('minutes', values.minutes ?? '10');
  const fleet = wholeNumber('fleet', values.fleet ?? '150');
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1e9));
  console.log(`${minutes} minutes, a fleet of ${fleet}, seed ${seed}`);
  const report = await soak({ minutes, fleet, seed, say: (line) => console.log(line) });
  for (const line of summary(report)) console.log(line);
  console.log(report.faults.length === 0 ? 'all were right' : `${report.faults.length} faults; seed ${seed}`);
  return report.faults.length === 0 ? 0 : 1;
}

function summary(report: SoakReport): readonly string[] {
  const { disturbances, lives, beats, operators, agreedAfterMs, entries, transitions, lastLife, faults } =
    report;
  const held = [lastLife[Math.floor(lastLife.length / 3)], lastLife.at(-1)];
  return [
    `disturbances     ${Object.entries(disturbances)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
    `lives            ${lives}`,
    `steady beats     ${beats.taken} taken, ${beats.failed} not`,
    `told             ${entries} entries, ${transitions} transitions`,
    ...Object.entries(operators).map(
      ([name, { sockets, snapshots, messages }]) =>
        `operator ${name}     ${sockets} sockets, ${snapshots} snapshots, ${messages} messages`,
    ),
    `agreed after     ${(agreedAfterMs / 1_000).toFixed(1)} s`,
    `last life        ${held.map((sample) => `${sample?.memoryMb} MB, ${sample?.handles} handles`).join(' → ')}`,
    ...faults.slice(0, 40),
  ];
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
