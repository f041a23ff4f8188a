import { ConfigurationRefused } from '../../core/errors';
import { defaultLimits, type Limits, limitsFrom } from '../../core/limits';
import { tickFacility, tickMessage, tickRegion } from '../../core/messages';
import { noPresence } from '../../core/presence';
import { epochAt, newHead } from '../../core/region';
import { at } from '../support/builders';

describe('AC5 limits', () => {
  test('given nothing, they are the defaults', () => {
    expect(limitsFrom()).toEqual(defaultLimits);
  });

  test('given some, the others are the defaults', () => {
    expect(limitsFrom({ minBeatSeconds: 0 })).toEqual({ ...defaultLimits, minBeatSeconds: 0 });
  });

  test.each<[Partial<Limits>, string]>([
    [
      { minBeatSeconds: 5 },
      'minBeatSeconds is 5; set it to a whole number from 0 to 4, since a session may beat every 5 s.',
    ],
    [{ connectionsPerSubject: 0 }, 'connectionsPerSubject is 0; set it to a whole number from 1 to 1000,'],
    [{ subscriptionsPerConnection: 1.5 }, 'subscriptionsPerConnection is 1.5; set it to a whole number'],
    [
      { subscriptionsPerConnection: 501 },
      'subscriptionsPerConnection is 501; set it to a whole number from 1 to 500, since the tick that answers a ping',
    ],
    [{ feedMessageBytes: 40_000 }, 'feedMessageBytes is 40000; set it to a whole number from 512 to 32768,'],
    [{ bodyBytes: Number.NaN }, 'bodyBytes is NaN; set it to a whole number from 16384 to 6291456,'],
    [{ beats: 3 } as object, 'There is no limit beats; choose among minBeatSeconds, connectionsPerSubject,'],
  ])('%p is refused with a sentence that says what to change', (given, sentence) => {
    expect(() => limitsFrom(given)).toThrow(ConfigurationRefused);
    expect(() => limitsFrom(given)).toThrow(sentence);
  });

  test('each one that cannot work has a sentence of its own', () => {
    expect(() => limitsFrom({ minBeatSeconds: -1, bodyBytes: 1 })).toThrow(
      /minBeatSeconds is -1;.*bodyBytes is 1;/,
    );
  });

  test('given as many subscriptions as a socket may hold, then the longest tick fits a message of API Gateway', () => {
    const { subscriptionsPerConnection } = limitsFrom({ subscriptionsPerConnection: 500 });
    const region = 'r'.repeat(64);
    const seq = 9_999_999_999;
    const head = {
      ...newHead(region, epochAt(at('10:00'))),
      seq,
      digest: { count: 99_999, sum: 4_294_967_295 },
    };
    const ofRegion = tickRegion(region, head, { asOfMs: at('10:00'), delayed: true }, true);
    const ofFacility = tickFacility({ region, facility: 'f'.repeat(128) }, { ...noPresence, seq });
    for (const tick of [
      tickMessage(Array(subscriptionsPerConnection).fill(ofRegion), [], at('10:00')),
      tickMessage([], Array(subscriptionsPerConnection).fill(ofFacility), at('10:00')),
    ]) {
      expect(Buffer.byteLength(JSON.stringify(tick))).toBeLessThan(128 * 1_024);
    }
  });
});
