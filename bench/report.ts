import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import { tableOf } from '../tools/accuracy/table';
import type { Result } from './main';
import { type Figure, isBroken } from './scenario';

/** What the figures were measured on, without which they say little. */
export const machine = (): string => {
  const [cpu] = cpus();
  return `Node.js ${process.version.slice(1)}, ${cpus().length} × ${cpu?.model ?? 'unknown'} (${arch()})`;
};

/** Everything that was measured, for programs. */
export const pageOf = (results: readonly Result[]) => ({
  at: new Date().toISOString(),
  machine: machine(),
  results: results.map(({ scenario, figures }) => ({ scenario, figures })),
});

/** The tables of scenarios, for people. */
export const textOf = (results: readonly Result[]): string => results.map(sectionOf).join('\n\n');

const sectionOf = ({ title, about, figures }: Result): string =>
  `${title}\n${about}\n\n${tableOf(['what', 'measured', 'rounds', 'may be', ''], figures.map(rowOf))}`;

const rowOf = (figure: Figure): readonly string[] => {
  const { what, value, unit, least, most, atMost } = figure;
  return [
    what,
    amount(value, unit),
    least === undefined || most === undefined ? '' : `${short(least)} to ${short(most)}`,
    atMost === undefined ? '' : amount(atMost, unit),
    atMost === undefined ? '' : isBroken(figure) ? 'no' : 'yes',
  ];
};

const amount = (value: number, unit: string): string => `${short(value)} ${unit}`.trim();

/** Three digits that count, whole thousands with commas. */
const short = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));

/** Puts texts between the marks of their names in a page; what has no marks there is left out. */
export function intoPage(path: string, texts: readonly (readonly [name: string, text: string])[]): void {
  const before = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    texts.reduce((page, [name, text]) => between(page, name, text), before),
  );
}

export const markdownOf = ({ about, figures }: Result): string =>
  `${about}\n\n${tableOf(['what', 'measured', 'rounds', 'may be', ''], figures.map(rowOf))}\n\n${machine()}.`;

function between(text: string, name: string, contents: string): string {
  const [start, end] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to === -1) return text;
  return `${text.slice(0, from + start.length)}\n\n${contents}\n\n${text.slice(to)}`;
}
