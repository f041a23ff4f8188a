import fc from 'fast-check';
import type { FacilityRegistry } from '../../core/registry';
import { csvOf } from '../../registry/csv';
import { jsonOf } from '../../registry/json';
import { type FileFormat, readFile } from '../../registry/read-file';
import { recordOf } from '../../registry/records';
import { property } from '../support/builders';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, format: FileFormat, region?: string) => readFile(bytes(text), format, region);
const faultsIn = (text: string, format: FileFormat = 'csv', region?: string) =>
  read(text, format, region).faults.map(({ line, text: fault }) => `${line}: ${fault}`);

const csv = (...lines: readonly string[]) => lines.join('\n');

describe('a table', () => {
  test('has a facility a line, with its columns in any order', () => {
    const text = csv(
      '\ufeffid,region,name,tags,latitude,longitude,timeZone,address',
      'clinic-7,north,"Clinic ""seven"", north",cold;24 h,52.52,-13.4,Europe/Berlin,Somewhere 7',
      '',
      'lab/1,north,,,,,,',
    );
    expect(read(text, 'csv')).toEqual({
      faults: [],
      records: [
        {
          line: 2,
          region: 'north',
          id: 'clinic-7',
          registry: {
            name: 'Clinic "seven", north',
            coordinates: { latitude: 52.52, longitude: -13.4 },
            address: 'Somewhere 7',
            timeZone: 'Europe/Berlin',
            tags: ['cold', '24 h'],
          },
        },
        { line: 4, region: 'north', id: 'lab/1', registry: {} },
      ],
    });
  });

  test('may leave the region to the command', () => {
    expect(read(csv('id', 'a'), 'csv', 'north').records).toMatchObject([{ region: 'north', id: 'a' }]);
  });

  test('may have any line ends, and none at its end', () => {
    expect(read('region,id\r\nnorth,a\r\nnorth,b', 'csv').records).toHaveLength(2);
  });

  test('every fault is listed with its line', () => {
    const text = csv(
      'region,id,name,latitude,longitude,tags',
      'north,a b,x,52.5,13,',
      'no rth,c,x,95,1e999,a',
      'north,d,x,52,,',
      'north,e,x',
      'north,f,x,1,2,;',
      'north,g,x,"52,5",13,',
      'north,f,x,1,2,a',
    );
    expect(faultsIn(text)).toEqual([
      '2: id: expected the id of a facility',
      '3: region: expected the id of a region, here or by --region',
      '3: latitude: expected degrees from -90 to 90',
      '4: longitude: expected this field',
      '5: expected 6 cells, not 3',
      '6: tags[0]: expected 1 to 50 characters, none of them a control character',
      '7: latitude: expected degrees from -90 to 90',
    ]);
  });

  test('a facility may be there once', () => {
    expect(faultsIn(csv('region,id', 'north,a', 'south,a', 'north,a'))).toEqual([
      '4: north/a is on line 2 already',
    ]);
  });

  test.each([
    ['without an id', 'region,name', ['1: expected a column id']],
    [
      'that nobody knows',
      'region,id,colour',
      [expect.stringMatching(/^1: "colour": expected one of region, id/)],
    ],
    ['twice', 'region,id,id', ['1: "id": expected each column once']],
    ['nothing', '', ['1: expected a column id']],
    ['quotes left open', 'region,id\nnorth,"a\n', [expect.stringMatching(/expected quotes that are closed/)]],
  ])('columns %s are refused', (_, text, faults) => {
    expect(faultsIn(text)).toEqual(faults);
  });

  test('what is no UTF-8 is refused', () => {
    const { faults } = readFile(new Uint8Array([0x69, 0x64, 0x0a, 0xe9]), 'csv', 'north');
    expect(faults).toEqual([{ line: 1, text: 'expected text in UTF-8' }]);
  });
});

describe('a list in JSON', () => {
  const lab = { region: 'north', id: 'lab/1', tags: ['a;b'], maintenance: [] };

  test('has the same fields, tags as a list, and maintenance windows', () => {
    expect(read(JSON.stringify([lab]), 'json').records).toEqual([
      { line: 1, region: 'north', id: 'lab/1', registry: { tags: ['a;b'], maintenance: [] } },
    ]);
  });

  test('every fault is listed with the line on which its facility begins', () => {
    const text = `[
  { "region": "north", "id": "a", "name": "[{\\"", "colour": 1 },

  {
    "region": "north", "id": "b", "tags": [["x"], {}],
    "latitude": 100, "longitude": 0
  }, { "id": "c" },
  7
]`;
    expect(faultsIn(text, 'json')).toEqual([
      '2: "colour": expected no such field',
      '4: tags[0]: expected 1 to 50 characters, none of them a control character',
      '4: latitude: expected degrees from -90 to 90',
      '7: region: expected the id of a region, here or by --region',
      '8: expected an object',
    ]);
  });

  test.each([
    ['{}', ['1: expected a list of facilities']],
    ['[', [expect.stringMatching(/^1: expected JSON: /)]],
    ['[]', []],
  ])('%s', (text, faults) => {
    expect(faultsIn(text, 'json')).toEqual(faults);
  });
});

describe('what is exported is imported unchanged', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((t) => !/\p{Cc}/u.test(t));
  const id = fc.constantFrom('__proto__', 'constructor', 'a/b/c', '~.-_', 'clinic-7');
  const degrees = fc.double({ min: -90, max: 90, noNaN: true }).map((value) => value + 0);
  const fields: fc.Arbitrary<FacilityRegistry> = fc.record(
    {
      name: text,
      coordinates: fc.record({ latitude: degrees, longitude: degrees }),
      address: text,
      timeZone: fc.constantFrom('UTC', 'Europe/Madrid'),
      tags: fc.array(fc.oneof(text, fc.constantFrom(';', '\\', '\\;', 'a;b\\', ' x ')), {
        minLength: 1,
        maxLength: 4,
      }),
    },
    { requiredKeys: [] },
  );
  const facilities = fc.uniqueArray(fc.tuple(id, fields), { selector: ([name]) => name, maxLength: 5 });

  test.each([
    ['csv', csvOf],
    ['json', jsonOf],
  ] as const)('by %s', (format, fileOf) => {
    fc.assert(
      fc.property(facilities, (given) => {
        const file = fileOf(given.map(([name, registry]) => recordOf('north', name, registry)));
        const { records, faults } = read(file, format);
        expect(faults).toEqual([]);
        expect(records.map(({ id: name, registry }) => [name, registry])).toEqual(given);
      }),
      property,
    );
  });
});
