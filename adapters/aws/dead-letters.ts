import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { instant } from '../../core/messages';
import type { DeadLetter, DeadLetters } from '../../core/ports';

/** Dead letters as JSON objects in a bucket; a retry of the same record writes the same object again. */
export class S3DeadLetters implements DeadLetters {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {}

  async store(letter: DeadLetter): Promise<void> {
    const day = instant(letter.arrivalMs).slice(0, 10);
    await this.client.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: `poison/${day}/${letter.shardId}/${letter.sequenceNumber}.json`,
        ContentType: 'application/json',
        Body: JSON.stringify({ ...letter, arrival: instant(letter.arrivalMs) }),
      }),
    );
  }
}
