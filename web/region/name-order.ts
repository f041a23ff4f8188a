import { compareNames } from '../words';
import type { Row } from './rows';

/**
 * Keeps rows in the order of their names. To compare names as people do is slow, and names hardly ever change: what was sorted
 * has its place until one does.
 */
export class NameOrder {
  private ranks = new Map<string, { readonly name: string; readonly rank: number }>();

  sorted(rows: readonly Row[]): readonly Row[] {
    const placed: (Row | undefined)[] = Array.from({ length: this.ranks.size });
    const strangers: Row[] = [];
    for (const row of rows) {
      const known = this.ranks.get(row.key);
      if (known?.name === row.facility.name) placed[known.rank] = row;
      else strangers.push(row);
    }
    const inOrder = placed.filter((row) => row !== undefined);
    return strangers.length === 0 ? inOrder : this.sortedAnew([...inOrder, ...strangers]);
  }

  /** @param rows in order but for the last, which sorting notices */
  private sortedAnew(rows: readonly Row[]): readonly Row[] {
    const sorted = rows.toSorted(
      (a, b) => compareNames(a.facility.name, b.facility.name) || (a.key < b.key ? -1 : 1),
    );
    this.ranks = new Map(sorted.map(({ key, facility }, rank) => [key, { name: facility.name, rank }]));
    return sorted;
  }
}
