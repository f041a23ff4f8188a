import type { PlantedBug } from './bugs';

/** Who noticed a bug; undefined when nobody did. */
export interface Caught {
  readonly planted: PlantedBug;
  readonly by: string | undefined;
}

/** The page in docs/. */
export const table = (caught: readonly Caught[], seeds: number): string => `# Planted bugs

\`npm run planted\` puts each of these bugs into a copy of the code, runs ${seeds} seeds of the simulator until one fails, and if none
does, the test suites nearest to the bug. This page is what it printed: who caught each bug.

| bug | planted in | caught by |
|---|---|---|
${caught.map(row).join('\n')}
`;

const row = ({ planted: { name, file }, by }: Caught): string =>
  `| ${name} | \`${file}\` | ${by ?? '**nobody**'} |`;
