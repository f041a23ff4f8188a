import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { CommitLost } from '../../core/errors';
import type { RegionLedger } from '../../core/ports';
import type { Commit, Sink } from '../../core/region';
import { commitItems, headUpdate, type LedgerTables } from './commit-items';
import { isLostRace } from './lost-race';
import { DynamoMarks } from './marks';
import { cursorItem } from './region-items';
import { DynamoRegionReader } from './region-reader';

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
        await this.writer.send(new UpdateItemCommand(headUpdate(this.written, commit.head)));
      } else {
        const items = commitItems(this.written, commit.head, commit.entry);
        await this.writer.send(new TransactWriteItemsCommand({ TransactItems: items }));
      }
    } catch (error) {
      throw isLostRace(error)
        ? new CommitLost('another monitor committed first', { expected: commit.head.revision - 1 })
        : error;
    }
  }

  /** Only ever forward: another monitor may be ahead, and going back would send everything again. */
  async advanceCursor(region: string, sink: Sink, seq: number): Promise<void> {
    try {
      await this.writer.send(
        new UpdateItemCommand({
          TableName: this.written.regions,
          Key: marshall({ region, item: cursorItem(sink) }),
          UpdateExpression: 'SET seq = :seq',
          ConditionExpression: 'attribute_not_exists(seq) OR seq < :seq',
          ExpressionAttributeValues: marshall({ ':seq': seq }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
