import { DynamoDBClient, type QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoFacilityHistory } from '../../../adapters/aws/facility-history';
import { localAws } from '../../support/aws-client';
import { at } from '../../support/builders';

const rowAt = (atMs: number) => marshall({ facility: 'north/lab', at: `${atMs}`, status: 'online', atMs });

/** A history that DynamoDB hands out in pages of 1 MB, of two rows here. */
function aLongHistory(rows: number) {
  const client = new DynamoDBClient(localAws('http://127.0.0.1:1'));
  const all = Array.from({ length: rows }, (_, index) => rowAt(index));
  const send = jest.fn(async ({ input }: QueryCommand) => {
    const from = Number(input.ExclusiveStartKey?.next?.N ?? 0);
    const next = from + 2;
    const more = next < rows && { LastEvaluatedKey: { next: { N: String(next) } } };
    return { Items: all.slice(from, next), ...more };
  });
  Object.assign(client, { send });
  const history = new DynamoFacilityHistory(client, 'Transitions');
  return {
    send,
    read: async (limit: number) => {
      const window = { fromMs: at('09:00'), toMs: at('12:00') };
      return (await history.transitions('north', 'lab', window, limit)).map(({ atMs }) => atMs);
    },
  };
}

describe('TR5 a history that is longer than a page of DynamoDB', () => {
  test('given fewer transitions than asked for, then all of them are read', async () => {
    const { read, send } = aLongHistory(5);
    expect(await read(10)).toEqual([0, 1, 2, 3, 4]);
    expect(send).toHaveBeenCalledTimes(3);
  });

  test('given more than asked for, then reading ends there, at the oldest', async () => {
    const { read, send } = aLongHistory(9);
    expect(await read(3)).toEqual([0, 1, 2]);
    expect(send).toHaveBeenCalledTimes(2);
  });
});
