import {
  busEvents,
  httpApiRequests,
  onDemandBytes,
  putUnits,
  queryUnits,
  readUnits,
  socketMessages,
  transactWriteUnits,
  writeUnits,
} from '../../../bench/metering/units';

const kb = 1_024;

/** Examples of the DynamoDB Developer Guide, "DynamoDB read and write operations", and of the services' price pages. */
describe('what is billed', () => {
  test.each([
    ['a write of 1 KB is one unit', writeUnits(kb), 1],
    ['of 1.5 KB two', writeUnits(1.5 * kb), 2],
    ['a write of 500 bytes and one of 3.5 KB are five together', writeUnits(500) + writeUnits(3.5 * kb), 5],
    ['in a transaction twice that', transactWriteUnits(500) + transactWriteUnits(3.5 * kb), 10],
    ['a consistent read of 3.5 KB is one unit', readUnits(3.5 * kb, true), 1],
    ['of 10 KB three', readUnits(10 * kb, true), 3],
    ['a stale read of 8 KB is one', readUnits(8 * kb, false), 1],
    [
      'two items of 1.5 and 6.5 KB by key are rounded apart',
      readUnits(1.5 * kb, true) + readUnits(6.5 * kb, true),
      3,
    ],
    ['a query that reads 40.8 KB is rounded once', queryUnits(40.8 * kb, true), 11],
    ['one that finds nothing is half a unit', queryUnits(0, false), 0.5],
    ['one of 3 MB is three pages', queryUnits(3 * kb * kb, true), 768],
    ['a record of 25 KB is one PUT unit', putUnits(25 * kb), 1],
    ['of 45 KB two', putUnits(45 * kb), 2],
    ['on demand a small record is a KB', onDemandBytes(150), kb],
    ['a message of 32 KB is one', socketMessages(32 * kb), 1],
    ['of 33 KB two', socketMessages(33 * kb), 2],
    ['an event of 65 KB is two', busEvents(65 * kb), 2],
    ['a request of 513 KB is two', httpApiRequests(513 * kb), 2],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });
});
