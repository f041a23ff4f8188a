import { account, arnOf, region } from '../arns';
import type { Access } from './evaluator';

/** Name of each table's partition key. */
export type PartitionKeys = ReadonlyMap<string, string>;

type Json = Readonly<Record<string, unknown>>;
type Value = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, Value>>;

const targetPrefix = 'DynamoDB_20120810.';

/**
 * What a call of DynamoDB does, by the permissions that it asks for (DynamoDB guide, "DynamoDB API permissions"): a batch
 * on each of its tables, a transaction for each item what the item's own operation would, PartiQL by the kind of statement.
 * @param target the header `X-Amz-Target`
 */
export function dynamoDbAccesses(
  target: string,
  input: Json,
  partitionKeys: PartitionKeys,
): readonly Access[] {
  const operation = target.slice(targetPrefix.length);
  const on = new Tables(partitionKeys);
  switch (operation) {
    case 'BatchGetItem':
      return on.batch(operation, (input.RequestItems ?? {}) as Record<string, { Keys: Row[] }>);
    case 'BatchWriteItem':
      return on.writes(operation, (input.RequestItems ?? {}) as Record<string, BatchWrite[]>);
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return ((input.TransactItems ?? []) as Record<string, Json>[]).flatMap((item) =>
        Object.entries(item).map(([kind, part]) =>
          on.item(itemActions[kind] ?? kind, part, { 'dynamodb:EnclosingOperation': [operation] }),
        ),
      );
    case 'ExecuteStatement':
      return [on.statement(String(input.Statement))];
    case 'BatchExecuteStatement':
      return ((input.Statements ?? []) as Json[]).map(({ Statement }) => on.statement(String(Statement)));
    case 'ExecuteTransaction':
      return ((input.TransactStatements ?? []) as Json[]).map(({ Statement }) =>
        on.statement(String(Statement)),
      );
    default:
      return [on.item(operation, input)];
  }
}

interface BatchWrite {
  readonly PutRequest?: { readonly Item: Row };
  readonly DeleteRequest?: { readonly Key: Row };
}

const itemActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  ConditionCheck: 'ConditionCheckItem',
};

class Tables {
  constructor(private readonly partitionKeys: PartitionKeys) {}

  /** One operation on one table or index; a scan is of no partition in particular. */
  item(operation: string, part: Json, context: Access['context'] = {}): Access {
    const table = String(part.TableName ?? '*');
    const index = part.IndexName === undefined ? '' : `/index/${part.IndexName}`;
    const row = (part.Key ?? part.Item) as Row | undefined;
    const keys = row === undefined ? this.queried(table, part) : [this.leadingKey(table, row)];
    return access(operation, `${tableArn(table)}${index}`, keys, context);
  }

  batch(operation: string, tables: Readonly<Record<string, { readonly Keys: readonly Row[] }>>) {
    return Object.entries(tables).map(([table, { Keys }]) => this.rows(operation, table, Keys));
  }

  writes(operation: string, tables: Readonly<Record<string, readonly BatchWrite[]>>) {
    return Object.entries(tables).map(([table, writes]) =>
      this.rows(
        operation,
        table,
        writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {}),
      ),
    );
  }

  statement(text: string): Access {
    const [, verb = '', table = '*', index] = statementForm.exec(text) ?? [];
    const kind = statementKinds[verb.split(/\s/)[0]?.toUpperCase() ?? ''] ?? 'PartiQLSelect';
    const resource = `${tableArn(table)}${index === undefined ? '' : `/index/${index}`}`;
    return access(kind, resource, [unknownKey]);
  }

  private rows(operation: string, table: string, rows: readonly Row[]): Access {
    const keys = new Set(rows.map((row) => this.leadingKey(table, row)));
    return access(operation, tableArn(table), [...keys]);
  }

  private leadingKey(table: string, row: Row): string {
    return textOf(row[this.partitionKeys.get(nameOf(table)) ?? '']);
  }

  /** The partition that a query is about, where its key condition begins with it, as those of Rollcall do. */
  private queried(table: string, part: Json): readonly string[] {
    const [, given = '', placeholder = ''] =
      /^\s*(\S+)\s*=\s*(:\w+)/.exec(String(part.KeyConditionExpression ?? '')) ?? [];
    if (placeholder === '') return [];
    const names = (part.ExpressionAttributeNames ?? {}) as Record<string, string>;
    const values = (part.ExpressionAttributeValues ?? {}) as Row;
    const isPartition = part.IndexName !== undefined || names[given] === this.partitionKeys.get(table);
    return [
      isPartition || given === this.partitionKeys.get(table) ? textOf(values[placeholder]) : unknownKey,
    ];
  }
}

/** In the place of a key that cannot be told from the text of a request: no policy names it, so a condition refuses it. */
const unknownKey = '?';

const statementForm =
  /^\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM|SELECT\s.*?\sFROM)\s+"?([\w.-]+?)"?(?:\."([\w.-]+)")?(?:\s|$)/is;

const statementKinds: Readonly<Record<string, string>> = {
  INSERT: 'PartiQLInsert',
  UPDATE: 'PartiQLUpdate',
  DELETE: 'PartiQLDelete',
  SELECT: 'PartiQLSelect',
};

const access = (
  operation: string,
  resource: string,
  leadingKeys: readonly string[],
  context: Access['context'] = {},
): Access => ({
  action: `dynamodb:${operation}`,
  resource,
  context: { ...context, ...(leadingKeys.length > 0 && { 'dynamodb:LeadingKeys': leadingKeys }) },
});

/** A table may be given by its ARN instead of its name. */
const nameOf = (table: string): string => table.slice(table.indexOf('/') + 1);

const tableArn = (table: string): string =>
  table === '*'
    ? `arn:aws:dynamodb:${region}:${account}:table/*`
    : arnOf('AWS::DynamoDB::Table', nameOf(table));

const textOf = (value: Value | undefined): string => String(Object.values(value ?? {})[0] ?? unknownKey);
