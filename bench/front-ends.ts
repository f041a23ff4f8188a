import type { KinesisStreamRecord } from 'aws-lambda';
import { type AcceptedBeat, formatRecord } from '../core/beat';
import type { Session } from '../core/session';

/** The instant at which benches begin. */
export const beginningMs = Date.UTC(2026, 0, 5, 8);
export const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abcdefghi';
export const sessionsPerFacility = 10;
const shardId = 'shardId-000000000000';
export const streamArn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/beats';

/** A UUID that is always the same for the same number, as identity providers and browsers make them. */
export const uuidOf = (kind: string, index: number): string =>
  `${kind}${index.toString(16).padStart(7, '0')}-7c1e-4f52-9b0d-3a1f5c9e2d47`;

/** A session as front ends have it: a user with one tab, for one facility out of ten sessions. */
export const beatOf = (index: number, words: Partial<AcceptedBeat> = {}): AcceptedBeat => ({
  issuer,
  subject: uuidOf('a', index),
  region: 'north',
  sessionId: uuidOf('b', index),
  covers: [`clinic-${Math.floor(index / sessionsPerFacility)}`],
  nextSeconds: 30,
  ...words,
});

/** The session that a beat joined as, as it is stored after several renewals. */
export const sessionOf = (index: number, words: Partial<Session> = {}): Session => {
  const { subject, region, sessionId, covers, nextSeconds } = beatOf(index);
  return {
    issuer,
    subject,
    region,
    sessionId,
    covers,
    coversSinceMs: beginningMs,
    ceased: [],
    startedAtMs: beginningMs,
    lastBeatAtMs: beginningMs,
    nextSeconds,
    leaseUntilMs: beginningMs + 135_000,
    seq: 1,
    revision: 0,
    ...words,
  };
};

/** A record of the stream as Lambda hands it to heartbeat-monitor. */
export const recordOf = (beat: AcceptedBeat, number: number, arrivalMs: number): KinesisStreamRecord => ({
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey: 'k'.repeat(43),
    sequenceNumber: `4959${String(number).padStart(52, '0')}`,
    data: Buffer.from(formatRecord(beat)).toString('base64'),
    approximateArrivalTimestamp: arrivalMs / 1_000,
  },
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${shardId}:4959${String(number).padStart(52, '0')}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: 'arn:aws:iam::000000000000:role/heartbeat-monitor',
  awsRegion: 'eu-west-1',
  eventSourceARN: streamArn,
});
