import { tableOf, whole } from '../../tools/accuracy/table';
import { machine } from '../report';
import { type Comparison, type Each, hurry, plots, systems } from './compare';
import type { Lateness, Outcome } from './play';

/** A question, its answers, and of these the number that tells which one is best: the smallest. */
interface Row {
  readonly question: string;
  readonly answers: Each<string>;
  readonly rank: Each<number>;
}

/** The comparison as Markdown; the best answer to each question is set in bold. */
export function tableIn({ plots: played, cpuUsPerBeat, dollars }: Comparison): string {
  const { calm, loss, stall } = played;
  const cpu = row(
    'processor time for a beat (µs)',
    cpuUsPerBeat,
    (each) => each,
    (us) => us.toFixed(1),
  );
  const rows = [
    row('dollars a month, 1,000,000 sessions', dollars.million, (each) => each, money),
    row('dollars a month, 10,000 sessions', dollars.tenThousand, (each) => each, money),
    row('dollars a month, 100 sessions', dollars.hundred, (each) => each, money),
    // What writes into a map here is a Lambda's call of DynamoDB there: no time of ours to compare.
    {
      ...cpu,
      answers: { ...cpu.answers, naive: 'its SDK call' },
      rank: { ...cpu.rank, naive: Number.POSITIVE_INFINITY },
    },
    late('told online after (s)', calm, ({ online }) => online),
    late('a goodbye told after (s)', calm, ({ goodbye }) => goodbye),
    late('silence told after (s)', calm, ({ silence }) => silence),
    row(
      `false offlines, ${plots.loss.loss * 100} % of the beats lost, in 1,000 session-hours`,
      loss,
      perThousandHours,
      (n) => n.toFixed(1),
    ),
    row(
      `facilities told offline falsely, three stalls of two minutes (of ${whole(plots.stall.frontEnds)})`,
      stall,
      ({ facilitiesFalselyOffline }) => facilitiesFalselyOffline,
      whole,
    ),
  ];
  const header = ['', 'Rollcall', 'naive pipeline', 'classic design'];
  const table = tableOf(header, rows.map(cellsOf));
  return `${table}\n\nThe best of each line is bold. ${plots.calm.frontEnds.toLocaleString('en-US')} front ends for ${plots.calm.minutes} minutes, seed ${plots.calm.seed}; latencies are median / 99th
percentile. The classic design ran in time that passed ${hurry} times as fast. ${machine()}.`;
}

function row<T>(
  question: string,
  of: Each<T>,
  rankOf: (each: T) => number,
  text: (n: number) => string,
): Row {
  const rank = map(of, rankOf);
  return { question, rank, answers: map(rank, text) };
}

function late(question: string, of: Each<Outcome>, pick: (outcome: Outcome) => Lateness): Row {
  const answers = map(of, (outcome) => {
    const { p50, p99 } = pick(outcome);
    return `${seconds(p50)} / ${seconds(p99)}`;
  });
  return { question, answers, rank: map(of, (outcome) => pick(outcome).p50) };
}

const perThousandHours = ({ falseOfflines, hours }: Outcome): number => (falseOfflines / hours) * 1_000;

/** The hurried clock runs a little ahead of what it measures. */
const seconds = (value: number): string => Math.max(0, value).toFixed(1);

const map = <T, R>(each: Each<T>, change: (value: T, name: (typeof systems)[number]) => R): Each<R> =>
  Object.fromEntries(systems.map((name) => [name, change(each[name], name)])) as unknown as Each<R>;

function cellsOf({ question, answers, rank }: Row): readonly string[] {
  const best = Math.min(...systems.map((name) => rank[name]));
  return [question, ...systems.map((name) => (rank[name] === best ? `**${answers[name]}**` : answers[name]))];
}

const money = (dollars: number): string => `$${whole(dollars)}`;
