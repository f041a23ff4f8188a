import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantedBugs } from './bugs';

test.each(plantedBugs)('given the code as it is, then there is one place for the bug: $name', (planted) => {
  const code = readFileSync(join(__dirname, '..', '..', planted.file), 'utf8');

  expect(code.split(planted.find)).toHaveLength(2);
  expect(planted.replace).not.toBe(planted.find);
});
