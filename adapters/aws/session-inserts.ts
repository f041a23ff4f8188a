import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

type Row = Record<string, AttributeValue>;

/** BatchExecuteStatement takes 25 statements at most. */
const rowsPerCall = 25;

interface Waiting {
  readonly row: Row;
  readonly tell: (inserted: boolean) => void;
}

/**
 * Inserts rows that are not there yet, those that are asked for at the same moment in common calls: when thousands of
 * sessions begin at once, a call for each costs the function ten times the processor time. Unlike a transaction, each row
 * succeeds or fails by itself and costs what a single write costs.
 */
export class SessionInserts {
  private waiting: Waiting[] = [];

  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  /**
   * @returns whether the row was inserted; if not, for whatever reason, a write of its own tells why. One that was inserted
   * without anybody learning of it is then found to be there.
   */
  insert(row: Row): Promise<boolean> {
    return new Promise((tell) => {
      if (this.waiting.push({ row, tell }) === 1) queueMicrotask(() => this.send());
    });
  }

  private send(): void {
    const together = this.waiting;
    this.waiting = [];
    for (let from = 0; from < together.length; from += rowsPerCall) {
      void this.call(together.slice(from, from + rowsPerCall));
    }
  }

  private async call(rows: readonly Waiting[]): Promise<void> {
    const failed = await this.failedOf(rows.map(({ row }) => row));
    for (const [index, { tell }] of rows.entries()) tell(!failed.has(index));
  }

  /** Places of the rows that were not inserted. */
  private async failedOf(rows: readonly Row[]): Promise<ReadonlySet<number>> {
    // Nothing is saved by a call for one row.
    if (rows.length === 1) return new Set([0]);
    const everyone = new Set(rows.keys());
    try {
      const Statements = rows.map((row) => statementFor(this.table, row));
      const { Responses = [] } = await this.client.send(new BatchExecuteStatementCommand({ Statements }));
      const done = (index: number) => Responses[index] !== undefined && Responses[index].Error === undefined;
      return new Set([...everyone].filter((index) => !done(index)));
    } catch {
      // Each of them is then written alone, and throws what there is to throw.
      return everyone;
    }
  }
}

/** PartiQL's INSERT never replaces a row. */
function statementFor(table: string, row: Row): BatchStatementRequest {
  const fields = Object.entries(row);
  return {
    Statement: `INSERT INTO "${table}" VALUE {${fields.map(([name]) => `'${name}': ?`).join(', ')}}`,
    Parameters: fields.map(([, value]) => value),
  };
}
