import fc from 'fast-check';
import { judgeBeats } from '../../core/acceptance';
import { beatLimits, formatRecord, parseRecord } from '../../core/beat';
import { canonical, matchesAny } from '../../core/pattern';
import { RequestRefused } from '../../core/problem';
import { patternsIn } from '../../core/rights';
import { defaultTimings as t } from '../../core/timings';
import { facilityIds, somePatterns } from '../support/arbitraries';
import { anIdentity, at, property, rights } from '../support/builders';

const identity = fc
  .record({ north: somePatterns, all: fc.subarray(['ward-1', 'lab/*']) })
  .map(({ north, all }) => anIdentity({ rights: rights({ provide: { north, '*': all } }) }));

/** Bodies that are nearly right, so that each refusal has its turn. */
const nearly = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue() });
const body = fc.record(
  {
    sessionId: nearly(fc.constantFrom('s1', 's2', '__proto__', '~')),
    region: nearly(fc.constantFrom('north', 'south', 'constructor')),
    facilities: nearly(fc.subarray([...facilityIds, 'ward-1'])),
    seq: nearly(fc.nat()),
    next: nearly(fc.constantFrom(0, 5, 30, 300, 4, 301)),
    attributes: nearly(
      fc.dictionary(
        fc.string({ minLength: 1, maxLength: 8 }),
        fc.oneof(fc.string(), fc.boolean(), fc.integer()),
      ),
    ),
  },
  { requiredKeys: ['sessionId', 'region'] },
);
const bodies = fc.oneof(body, fc.array(fc.oneof(body, fc.jsonValue()), { maxLength: 6 }), fc.jsonValue());

describe('AC2, AC4 whatever is sent', () => {
  test('each beat is taken or refused by itself, with a client’s problem, and no other error escapes', () => {
    fc.assert(
      fc.property(bodies, identity, (sent, who) => {
        const answers = judgeBeats(sent, who, t);
        expect(answers).toHaveLength(Array.isArray(sent) ? sent.length : 1);
        for (const answer of answers) {
          if ('beat' in answer) continue;
          expect(answer.problem.status).toBeGreaterThanOrEqual(400);
          expect(answer.problem.status).toBeLessThan(500);
        }
      }),
      property,
    );
  });

  test('what is taken speaks for the sender alone, and covers nothing that the token does not provide', () => {
    fc.assert(
      fc.property(bodies, identity, (sent, who) => {
        for (const answer of judgeBeats(sent, who, t)) {
          if (!('beat' in answer)) continue;
          const { issuer, subject, region, covers } = answer.beat;
          const provided = patternsIn(who.rights.provide, region);
          expect([issuer, subject]).toEqual([who.issuer, who.subject]);
          for (const pattern of covers)
            expect(provided.includes(pattern) || matchesAny(provided, pattern)).toBe(true);
          expect(canonical(covers)).toEqual(covers);
        }
      }),
      property,
    );
  });

  test('no session is there twice in what a request brings to the stream', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 8 }), identity, (sent, who) => {
        const taken = judgeBeats(sent, who, t).flatMap((answer) => ('beat' in answer ? [answer.beat] : []));
        expect(new Set(taken.map(({ region, sessionId }) => `${region} ${sessionId}`)).size).toBe(
          taken.length,
        );
      }),
      property,
    );
  });

  test('what is taken survives the stream unchanged', () => {
    fc.assert(
      fc.property(bodies, identity, (sent, who) => {
        for (const answer of judgeBeats(sent, who, t)) {
          if (!('beat' in answer)) continue;
          const read = parseRecord(JSON.parse(formatRecord(answer.beat)), at('10:00'));
          expect(read).toEqual({ ...answer.beat, arrivalMs: at('10:00') });
        }
      }),
      property,
    );
  });

  test('a request is refused as a whole only for its length', () => {
    const lengths = fc.constantFrom(beatLimits.beatsPerRequest, beatLimits.beatsPerRequest + 1);
    fc.assert(
      fc.property(lengths, body, identity, (length, one, who) => {
        const judge = () => judgeBeats(Array(length).fill(one), who, t);
        if (length > beatLimits.beatsPerRequest) expect(judge).toThrow(RequestRefused);
        else expect(judge()).toHaveLength(length);
      }),
      { ...property, numRuns: 20 },
    );
  });
});
