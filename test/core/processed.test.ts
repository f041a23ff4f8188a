import { type ProcessedRecord, progressOf } from '../../core/processed';
import { at } from '../support/builders';

const record = (number: number, time: string, canary?: 'shard' | 'endpoint'): ProcessedRecord => ({
  sequenceNumber: String(number),
  arrivalMs: at(time),
  ...(canary && { canary }),
});
const none: ReadonlySet<string> = new Set();

describe('TR2 what a batch proves', () => {
  test('everything up to two seconds before its latest arrival, since arrivals may step back', () => {
    const batch = [record(1, '10:00:05'), record(2, '10:00:04')];
    expect(progressOf(batch, none)).toEqual({ watermarkMs: at('10:00:03'), urgent: false });
  });

  test('nothing past the first record that failed, though later ones succeeded', () => {
    const batch = [record(1, '10:00:01'), record(2, '10:00:02'), record(3, '10:00:03', 'endpoint')];
    expect(progressOf(batch, new Set(['2']))).toEqual({ watermarkMs: at('09:59:59'), urgent: false });
  });

  test('nothing at all when the first one failed', () => {
    expect(progressOf([record(1, '10:00', 'shard')], new Set(['1']))).toEqual({ urgent: false });
  });

  test('with a canary it is urgent', () => {
    expect(progressOf([record(1, '10:00'), record(2, '10:00', 'shard')], none).urgent).toBe(true);
  });

  test('the endpoint served until the arrival of its last canary', () => {
    const batch = [record(1, '10:00', 'endpoint'), record(2, '10:00:05', 'endpoint'), record(3, '10:00:06')];
    expect(progressOf(batch, none)).toEqual({
      watermarkMs: at('10:00:04'),
      endpointMs: at('10:00:05'),
      urgent: true,
    });
  });
});
