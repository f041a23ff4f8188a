import type { Look } from '../look';
import type { Row } from './rows';

/** What lies on one line; all lines of a list are of one height. */
export type Line =
  | { readonly type: 'row'; readonly key: string; readonly row: Row }
  | { readonly type: 'tiles'; readonly key: string; readonly rows: readonly Row[] }
  | { readonly type: 'group'; readonly key: string; readonly group: Group };

export interface Group {
  /** The word before the number or the slash in the ids of its facilities, or their region. */
  readonly name: string;
  readonly count: number;
  readonly offline: number;
  readonly isFolded: boolean;
}

/**
 * Lays rows out in lines.
 * @param columns how many tiles fit on one line
 * @param spansRegions groups are regions then
 */
export function linesOf(
  rows: readonly Row[],
  { shape, folded }: Pick<Look, 'shape' | 'folded'>,
  columns: number,
  spansRegions: boolean,
): readonly Line[] {
  switch (shape) {
    case 'list':
      return rows.map(rowLine);
    case 'tiles':
      return Array.from({ length: Math.ceil(rows.length / columns) }, (_, index) => {
        const line = rows.slice(index * columns, (index + 1) * columns);
        return { type: 'tiles', key: line[0]?.key ?? '', rows: line };
      });
    case 'groups':
      return groupLines(rows, new Set(folded), spansRegions ? (row) => row.regionName : kindOf);
  }
}

const rowLine = (row: Row): Line => ({ type: 'row', key: row.key, row });

/** Groups in the order of their first rows, so that the one with the most urgent row is on top. */
function groupLines(
  rows: readonly Row[],
  folded: ReadonlySet<string>,
  groupOf: (row: Row) => string,
): readonly Line[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = groupOf(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups].flatMap(([name, members]) => {
    const offline = members.filter(({ facility }) => facility.status === 'offline').length;
    const group = { name, count: members.length, offline, isFolded: folded.has(name) };
    const head: Line = { type: 'group', key: `group ${name}`, group };
    return group.isFolded ? [head] : [head, ...members.map(rowLine)];
  });
}

/** `lab/3` and `lab/4` are of one kind, `clinic-7` and `clinic-8` are, and what is alone has its own name. */
export const kindOf = ({ facility: { id } }: Row): string => {
  const [first = id, ...rest] = id.split('/');
  return rest.length > 0 ? first : id.replace(/[-._~]?\d+$/, '') || id;
};
