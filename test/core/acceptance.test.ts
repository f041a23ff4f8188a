import { judgeBeats } from '../../core/acceptance';
import { beatLimits } from '../../core/beat';
import { defaultTimings } from '../../core/timings';
import { anIdentity, issuer, rights } from '../support/builders';

const ann = anIdentity({ rights: rights({ provide: { north: ['clinic-7', 'lab/*'], '*': ['mobile'] } }) });
const sent = { sessionId: 's1', region: 'north' };

const judged = (body: unknown, identity = ann) => judgeBeats(body, identity, defaultTimings);
const problemOf = (body: unknown, identity = ann) => {
  const [acceptance] = judged(body, identity);
  return acceptance && 'problem' in acceptance ? acceptance.problem : undefined;
};

describe('AC2 a session reports only for what its token provides', () => {
  test('facilities that are named', () => {
    expect(judged({ ...sent, facilities: ['lab/3', 'clinic-7', 'lab/3'], seq: 4, next: 60 })).toEqual([
      {
        beat: {
          issuer,
          subject: 'ann',
          region: 'north',
          sessionId: 's1',
          covers: ['clinic-7', 'lab/3'],
          nextSeconds: 60,
          seq: 4,
        },
      },
    ]);
  });

  test('without facilities: all that the token provides there, at the default interval', () => {
    expect(judged(sent)).toMatchObject([
      { beat: { covers: ['clinic-7', 'lab/*', 'mobile'], nextSeconds: defaultTimings.beatSeconds } },
    ]);
  });

  test('with an empty list: nothing', () => {
    expect(judged({ ...sent, facilities: [] })).toMatchObject([{ beat: { covers: [] } }]);
  });

  test('a facility of somebody else is refused by its place', () => {
    expect(problemOf({ ...sent, facilities: ['clinic-7', 'clinic-8'] })).toMatchObject({
      status: 403,
      field: 'facilities[1]',
    });
  });

  test('a region where the token provides nothing is refused, alike for a name of the prototype', () => {
    const nothing = anIdentity({ rights: rights({ provide: { north: ['*'] } }) });
    for (const region of ['south', '__proto__', 'constructor']) {
      expect(problemOf({ ...sent, region }, nothing)).toMatchObject({ status: 403, field: 'region' });
    }
  });

  test('watching is not providing', () => {
    const watcher = anIdentity({ rights: rights({ watch: { north: ['*'] } }) });
    expect(problemOf(sent, watcher)?.status).toBe(403);
  });

  test('a subject that makes no key is refused', () => {
    expect(problemOf(sent, { ...ann, subject: 'a\nb' })?.status).toBe(403);
  });

  test('more patterns than a session may cover are refused', () => {
    const patterns = (prefix: string) => Array.from({ length: 600 }, (_, index) => `${prefix}${index}`);
    const provide = { north: patterns('a'), '*': patterns('b') };
    const many = anIdentity({ rights: rights({ provide }) });
    expect(problemOf(sent, many)).toMatchObject({ status: 400, field: 'facilities' });
  });
});

describe('AC4 an array is judged beat by beat', () => {
  test('one bad beat fails alone, named by its place', () => {
    const [first, second, third] = judged([sent, { ...sent, sessionId: '' }, { ...sent, sessionId: 's3' }]);
    expect([first, third]).toMatchObject([{ beat: { sessionId: 's1' } }, { beat: { sessionId: 's3' } }]);
    expect(second).toMatchObject({ problem: { status: 400, field: '[1].sessionId' } });
  });

  test('a foreign facility within it too', () => {
    expect(judged([{ ...sent, facilities: ['clinic-8'] }])).toMatchObject([
      { problem: { status: 403, field: '[0].facilities[0]' } },
    ]);
  });

  test('a session that is there twice is refused the second time, unless it is of another region', () => {
    const provide = { '*': ['*'] };
    const everywhere = anIdentity({ rights: rights({ provide }) });
    const answers = judged([sent, sent, { ...sent, region: 'south' }], everywhere);
    expect(answers.map((answer) => ('problem' in answer ? answer.problem.field : 'taken'))).toEqual([
      'taken',
      '[1].sessionId',
      'taken',
    ]);
  });

  test('an empty one is answered with nothing', () => {
    expect(judged([])).toEqual([]);
  });

  test(`${beatLimits.beatsPerRequest} are judged, one more is too many`, () => {
    const beats = Array.from({ length: beatLimits.beatsPerRequest }, (_, index) => ({
      ...sent,
      sessionId: `s${index}`,
    }));
    expect(judged(beats).every((answer) => 'beat' in answer)).toBe(true);
    expect(() => judged([...beats, sent])).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ status: 413 }) }),
    );
  });

  test('input is never repeated in what is answered', () => {
    const problem = problemOf({ ...sent, sessionId: '<script>alert(1)</script>' });
    expect(JSON.stringify(problem)).not.toContain('script');
  });
});
