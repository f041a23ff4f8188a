import { ConfigurationRefused } from '../../core/errors';
import { defaultTimings, type Timings, timingsFrom } from '../../core/timings';

/** What the configuration is refused with. */
function sentences(given: Partial<Timings>): string {
  try {
    timingsFrom(given);
  } catch (error) {
    if (error instanceof ConfigurationRefused) return error.message;
    throw error;
  }
  throw new Error('the timings were accepted');
}

test('given nothing, the timings are the defaults', () => {
  expect(timingsFrom()).toEqual(defaultTimings);
});

test('given some, the others are the defaults', () => {
  expect(timingsFrom({ tickSeconds: 2 })).toEqual({ ...defaultTimings, tickSeconds: 2 });
});

describe('each relation that does not hold is one sentence that names the setting and what to change', () => {
  test.each<[Partial<Timings>, string]>([
    [{ beatSeconds: 301 }, 'beatSeconds is 301; set it between 5 and 300.'],
    [{ beatSeconds: 4, leaveGraceSeconds: 1 }, 'beatSeconds is 4; set it between 5 and 300.'],
    [{ allowance: 1 }, 'allowance is 1; set it to 2 or more, so that one lost beat takes nobody offline.'],
    [{ renewBeats: 4 }, 'renewBeats is 4; set it to at most the allowance, 3.'],
    [{ leaveGraceSeconds: 30 }, 'leaveGraceSeconds is 30; set it below beatSeconds, 30.'],
    [{ tickSeconds: 61, freshnessSeconds: 200 }, 'tickSeconds is 61; set it between 1 and 60.'],
    [{ batchWindowSeconds: 5 }, 'batchWindowSeconds is 5; set it below tickSeconds, 5.'],
    [
      { freshnessSeconds: 20 },
      'freshnessSeconds is 20; set it above 2 × tickSeconds + batchWindowSeconds + 10, which is 20.',
    ],
    [
      { maxRecordAgeSeconds: 59 },
      'maxRecordAgeSeconds is 59; Lambda takes 60 to 604800 for a Kinesis stream.',
    ],
    [
      { ttlBehindLeaseSeconds: 600 },
      'ttlBehindLeaseSeconds is 600; set it above maxRecordAgeSeconds, 600, so that a late record still finds its session.',
    ],
    [{ slackSeconds: -1 }, 'Every timing must be a finite number that is not negative.'],
    [{ slackSeconds: Number.NaN }, 'Every timing must be a finite number that is not negative.'],
  ])('%p', (given, sentence) => {
    expect(sentences(given)).toBe(sentence);
  });

  test('a name that does not exist', () => {
    expect(sentences({ tickSecond: 5 } as Partial<Timings>)).toMatch(
      /^There is no timing tickSecond; choose/,
    );
  });

  test('AC4 nor is an inherited name one', () => {
    expect(sentences(JSON.parse('{"constructor": 5}'))).toMatch(/^There is no timing constructor;/);
  });

  test('several are told at once', () => {
    expect(sentences({ allowance: 1, tickSeconds: 0 })).toMatch(
      /allowance.*renewBeats|allowance.*tickSeconds/,
    );
  });
});

test.each<Partial<Timings>>([
  { tickSeconds: 60, freshnessSeconds: 131 },
  { batchWindowSeconds: 4, freshnessSeconds: 25 },
  { beatSeconds: 300 },
  { beatSeconds: 5, leaveGraceSeconds: 4 },
  { renewBeats: 3 },
  { maxRecordAgeSeconds: 3_599 },
])('the limits themselves hold: %p', (given) => {
  expect(timingsFrom(given)).toMatchObject(given);
});
