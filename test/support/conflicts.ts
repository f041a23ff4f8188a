import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';

type Row = Record<string, AttributeValue>;

interface Write {
  readonly TableName?: string | undefined;
  readonly Key?: Row | undefined;
  readonly Item?: Row | undefined;
}

const singleWrites: ReadonlySet<string> = new Set([
  'PutItemCommand',
  'UpdateItemCommand',
  'DeleteItemCommand',
]);
const $metadata = {};

/**
 * Refuses what DynamoDB refuses and the embedded engines, which do one thing after the other, let through: a write of an item that a
 * transaction is writing at that time (developer guide, "Transaction conflict handling in DynamoDB").
 */
export function withConflicts(client: DynamoDBClient): DynamoDBClient {
  const keys = new KeyNames(client);
  const busy = new Set<string>();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const input = args.input as Write & { readonly TransactItems?: TransactWriteItem[] };
        const isTransaction = commandName === 'TransactWriteItemsCommand';
        if (!isTransaction && !singleWrites.has(commandName)) return await next(args);
        const writes = isTransaction ? (input.TransactItems ?? []).map(writeIn) : [input];
        const items = await Promise.all(writes.map((write) => keys.itemText(write)));
        refuseIfBusy(items, busy, isTransaction);
        if (!isTransaction) return await next(args);
        for (const item of items) busy.add(item);
        try {
          return await next(args);
        } finally {
          for (const item of items) busy.delete(item);
        }
      },
    { step: 'initialize', name: 'conflicts' },
  );
  return client;
}

const writeIn = ({ Put, Update, Delete, ConditionCheck }: TransactWriteItem): Write =>
  Put ?? Update ?? Delete ?? ConditionCheck ?? {};

function refuseIfBusy(items: readonly string[], busy: ReadonlySet<string>, isTransaction: boolean): void {
  if (!items.some((item) => busy.has(item))) return;
  const message = 'Transaction is ongoing for the item';
  if (!isTransaction) throw new TransactionConflictException({ message, $metadata });
  const CancellationReasons = items.map((item) => ({
    Code: busy.has(item) ? 'TransactionConflict' : 'None',
  }));
  throw new TransactionCanceledException({ message, CancellationReasons, $metadata });
}

/** What the items of each table are told apart by. */
class KeyNames {
  private readonly known = new Map<string, Promise<readonly string[]>>();

  constructor(private readonly client: DynamoDBClient) {}

  async itemText({ TableName = '', Key, Item }: Write): Promise<string> {
    const row = Key ?? Item ?? {};
    const names = await this.of(TableName);
    return JSON.stringify([TableName, ...names.map((name) => row[name])]);
  }

  private of(TableName: string): Promise<readonly string[]> {
    const known = this.known.get(TableName) ?? this.described(TableName);
    this.known.set(TableName, known);
    return known;
  }

  private async described(TableName: string): Promise<readonly string[]> {
    const { Table } = await this.client.send(new DescribeTableCommand({ TableName }));
    return (Table?.KeySchema ?? []).map(({ AttributeName = '' }) => AttributeName);
  }
}
