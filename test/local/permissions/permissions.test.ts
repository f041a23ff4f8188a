import type { Grant } from '../../../local/permissions/grants';
import { Permissions, wordsOf } from '../../../local/permissions/permissions';
import { MemoryLog } from '../memory-log';

const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Watermarks';
const read: Grant = { effect: 'Allow', action: 'dynamodb:GetItem', resource: arn };
const readTold: Grant = {
  ...read,
  condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['told'] } },
};
const readOther: Grant = { ...readTold, resource: `${arn}2` };
const denyTold: Grant = {
  ...readTold,
  effect: 'Deny',
  action: 'dynamodb:Get*',
  resource: 'arn:aws:dynamodb:*',
};
const write: Grant = { effect: 'Allow', action: 'dynamodb:PutItem', resource: arn };

const reading = (...leadingKeys: readonly string[]) => ({
  action: 'dynamodb:GetItem',
  resource: arn,
  context: { 'dynamodb:LeadingKeys': leadingKeys },
});

function permissions(...grants: readonly Grant[]) {
  const log = new MemoryLog();
  return { log, judged: new Permissions([{ name: 'fn', role: 'fnRole', grants }], log) };
}

describe('what IAM decides', () => {
  test.each([
    ['what is listed is allowed', [read], reading('told'), true],
    ['what is not listed is refused', [write], reading('told'), false],
    [
      'what is listed for another resource is refused',
      [{ ...read, resource: `${arn}2` }],
      reading('told'),
      false,
    ],
    ['an item that a condition names is allowed', [readTold], reading('told'), true],
    ['another one is refused', [readTold], reading('standing'), false],
    ['both together are refused', [readTold], reading('told', 'standing'), false],
    [
      'whatever item, where only a condition for another table names one',
      [read, readOther],
      reading('x'),
      true,
    ],
    ['an item that a denial with wildcards names is refused', [read, denyTold], reading('told'), false],
    ['another item than that one is allowed', [read, denyTold], reading('standing'), true],
    ['a denial stands above what is allowed', [read, { ...read, effect: 'Deny' }], reading('told'), false],
    ['an action that does not exist is refused', [read], { action: 'dynamodb:Peek', resource: arn }, false],
    [
      'an action that knows no resources is allowed for any',
      [{ effect: 'Allow', action: 'xray:PutTraceSegments', resource: '*' }],
      { action: 'xray:PutTraceSegments', resource: '*' },
      true,
    ],
  ] as const)('%s', async (_, grants, access, allowed) => {
    expect((await permissions(...grants).judged.decide('fn', access)).allowed).toBe(allowed);
  });

  test('given a refusal, then it is said in the words of AWS', async () => {
    const { refusal } = await permissions(write).judged.decide('fn', reading('told'));

    expect(refusal && wordsOf(refusal)).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/fnRole/fn is not authorized to perform: dynamodb:GetItem on resource: ${arn} because no identity-based policy allows the dynamodb:GetItem action`,
    );
  });

  test('given a denial, then the words say that there is one', async () => {
    const { judged } = permissions(read, { ...read, effect: 'Deny' });

    const { refusal } = await judged.decide('fn', reading('told'));

    expect(refusal && wordsOf(refusal)).toMatch(/ with an explicit deny in an identity-based policy$/);
  });
});

describe('what is remembered', () => {
  test('given accesses, then the report says how often each grant was used, and names what nothing used', async () => {
    const { judged } = permissions(read, write);

    await judged.decide('fn', reading('told'));
    await judged.decide('fn', reading('standing'));

    const [report] = judged.report();
    expect(report).toEqual({
      function: 'fn',
      grants: [
        { ...read, uses: 2 },
        { ...write, uses: 0 },
      ],
      refused: [],
    });
  });

  test('given refusals, then the report counts them, and the log has one line', async () => {
    const { judged, log } = permissions(write);

    await judged.decide('fn', reading('told'));
    await judged.decide('fn', reading('told'));

    expect(judged.report()[0]?.refused).toEqual([{ action: 'dynamodb:GetItem', resource: arn, times: 2 }]);
    expect(log.errors).toHaveLength(1);
  });

  test('given a permission is taken, then what was decided before does not count any more', async () => {
    const { judged } = permissions(read);
    await judged.decide('fn', reading('told'));

    judged.change('fn', () => []);

    expect((await judged.decide('fn', reading('told'))).allowed).toBe(false);
  });
});
