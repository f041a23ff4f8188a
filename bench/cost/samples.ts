import type { AcceptedBeat } from '../../core/beat';
import type { Facility } from '../../core/facility';
import { totals } from '../../core/facility';
import type { Change, Entry, RegionHead, RegionRecord } from '../../core/region';
import type { Session } from '../../core/session';
import type { Timings } from '../../core/timings';
import { entryBytes, facilityBytes, recordBytes, sessionBytes } from '../metering/ports/rows';
import { beatRecordBytes } from '../metering/ports/stream';

/**
 * Items as large as they usually are, from which the sheet takes its sizes: users and issuer as a Cognito user pool names
 * them, ids of regions and facilities of a dozen characters.
 */
const atMs = 1_767_600_000_123;

export const sampleIssuer = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI';

export const sampleBeat: AcceptedBeat = {
  issuer: sampleIssuer,
  subject: '00000000-0001-4b1c-9d2e-8f7a6b5c4d3e',
  region: 'region-123',
  sessionId: '1767600000000-0.100000001',
  covers: ['facility-12345'],
  nextSeconds: 30,
  seq: 123,
};

const sampleSession: Session = {
  issuer: sampleBeat.issuer,
  subject: sampleBeat.subject,
  region: sampleBeat.region,
  sessionId: sampleBeat.sessionId,
  covers: sampleBeat.covers,
  coversSinceMs: atMs,
  ceased: [],
  startedAtMs: atMs,
  lastBeatAtMs: atMs,
  nextSeconds: 30,
  leaseUntilMs: atMs,
  seq: 123,
  revision: 123,
};

const sampleFacility: Facility = {
  id: 'facility-12345',
  status: 'online',
  sinceMs: atMs,
  decidedAtMs: atMs,
  decidedAsOfMs: atMs,
  reason: 'heartbeat',
  sessions: 10,
  users: 10,
  version: 1_234,
  flapping: false,
  recentChangesMs: [atMs],
  presence: { digest: '10:1234567890123456', seq: 123, fromSeq: 123, decidedAtMs: atMs },
};

const sampleHead: RegionHead = {
  region: 'region-123',
  epoch: 'mk1p2q3r',
  seq: 1_234,
  digest: { count: 100, sum: 123_456 },
  totals: totals(100, 99),
  toldState: 'partial',
  asOfMs: atMs,
  dueAtMs: atMs,
  coveredMark: 1_234,
  settledAtMs: atMs,
  revision: 1_234,
};

const sampleRecord: RegionRecord = {
  region: 'region-123',
  head: sampleHead,
  mark: 1_234,
  cursors: { websocket: 1_234, eventbridge: 1_234 },
};

const entryOf = (changes: number): Entry => ({
  region: 'region-123',
  epoch: 'mk1p2q3r',
  seq: 1_234,
  asOfMs: atMs,
  decidedAtMs: atMs,
  delayed: false,
  changes: Array.from({ length: changes }, (): Change => ({ facility: sampleFacility, transition: false })),
  totals: totals(100, 99),
  digest: { count: 100, sum: 123_456 },
});

/** Bytes of what is written and read again and again. */
export const sampleBytes = {
  record: beatRecordBytes(sampleBeat),
  session: (t: Timings): number => sessionBytes(sampleSession, t),
  facility: facilityBytes('region-123', sampleFacility),
  region: recordBytes(sampleRecord),
  entry: (changes: number): number => entryBytes(entryOf(changes)),
  /** The answer to a beat: its body, and what HTTP adds. */
  answer: 415,
  /** The answer to a ping. */
  tick: 240,
} as const;
