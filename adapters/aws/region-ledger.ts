import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  TransactionConflictException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mapBounded } from '../../core/concurrency';
import { CommitLost } from '../../core/errors';
import type { Facility } from '../../core/facility';
import type { RegionLedger } from '../../core/ports';
import { type Commit, epochNumber, type LogPlace, type Sink } from '../../core/region';
import { commitItems, headUpdate, type LedgerTables } from './commit-items';
import { isLostRace } from './lost-race';
import { DynamoMarks } from './marks';
import { claimedUntil, cursorItem, headItem } from './region-items';
import { DynamoRegionReader } from './region-reader';

const deletesAtOnce = 16;
const claimAttempts = 5;

/** Heads, marks, cursors, facilities, change log and history in DynamoDB. */
export class DynamoRegionLedger extends DynamoRegionReader implements RegionLedger {
  private readonly marks: DynamoMarks;

  constructor(
    private readonly writer: DynamoDBClient,
    private readonly written: LedgerTables,
  ) {
    super(writer, written);
    this.marks = new DynamoMarks(writer, written.regions);
  }

  async raiseMark(region: string): Promise<void> {
    await this.marks.raiseMark(region);
  }

  async commit(commit: Commit): Promise<void> {
    try {
      if (commit.entry === undefined) {
        await this.writer.send(new UpdateItemCommand(headUpdate(this.written, commit)));
      } else {
        const items = commitItems(this.written, commit, commit.entry);
        await this.writer.send(new TransactWriteItemsCommand({ TransactItems: items }));
      }
    } catch (error) {
      throw isLostRace(error)
        ? new CommitLost('somebody else committed first', { expected: commit.head.revision - 1 })
        : error;
    }
  }

  async claim(region: string, untilMs: number): Promise<void> {
    const claimed = new UpdateItemCommand({
      TableName: this.written.regions,
      Key: marshall({ region, item: headItem }),
      UpdateExpression: `SET ${claimedUntil} = :until`,
      // Without a head there is nothing yet that others could be kept from.
      ConditionExpression: 'attribute_exists(revision)',
      ExpressionAttributeValues: marshall({ ':until': untilMs }),
    });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ifStill(this.writer.send(claimed));
      } catch (error) {
        // A transaction on the head is under way: just then a claim is wanted.
        if (!(error instanceof TransactionConflictException) || attempt === claimAttempts) throw error;
      }
    }
  }

  async forget(region: string, remains: readonly Facility[]): Promise<void> {
    await mapBounded(remains, deletesAtOnce, async ({ id, removedAtMs }) => {
      const deleted = new DeleteItemCommand({
        TableName: this.written.facilities,
        Key: marshall({ region, facility: id }),
        ConditionExpression: 'removedAtMs = :removedAt',
        ExpressionAttributeValues: marshall({ ':removedAt': removedAtMs }),
      });
      await ifStill(this.writer.send(deleted));
    });
  }

  /** Only ever forward: another monitor may be ahead, and going back would send everything again. */
  async advanceCursor(region: string, sink: Sink, { epoch, seq }: LogPlace): Promise<void> {
    const advanced = new UpdateItemCommand({
      TableName: this.written.regions,
      Key: marshall({ region, item: cursorItem(sink) }),
      UpdateExpression: 'SET seq = :seq, epochMs = :epoch',
      ConditionExpression: isEarlierCursor,
      ExpressionAttributeValues: marshall({ ':seq': seq, ':epoch': epochNumber(epoch) }),
    });
    await ifStill(this.writer.send(advanced));
  }
}

/** A cursor that was written before cursors knew of lives of the log has no `epochMs`. */
const isEarlierCursor = [
  'attribute_not_exists(seq)',
  'attribute_not_exists(epochMs) AND seq < :seq',
  'epochMs = :epoch AND seq < :seq',
  'epochMs < :epoch',
].join(' OR ');

/** Waits for a write whose condition may no longer hold, which is fine. */
async function ifStill(written: Promise<unknown>): Promise<void> {
  try {
    await written;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
