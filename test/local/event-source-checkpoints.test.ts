import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationRefused } from '../../core/errors';
import { FileCheckpoints, MemoryCheckpoints } from '../../local/event-source-checkpoints';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-checkpoints-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const path = (): string => join(directory, 'data', 'checkpoints.json');

describe.each([
  ['memory', () => new MemoryCheckpoints()],
  ['a file', () => new FileCheckpoints(path())],
])('checkpoints in %s', (_, make) => {
  test('given a shard that nobody has read, then it has no checkpoint', () => {
    expect(make().last('shard-1')).toBeUndefined();
  });

  test('given shards that were read, then each has its own last checkpoint', () => {
    const checkpoints = make();
    checkpoints.advance('shard-1', '1');
    checkpoints.advance('shard-2', '7');
    checkpoints.advance('shard-1', '2');

    expect(checkpoints.last('shard-1')).toBe('2');
    expect(checkpoints.last('shard-2')).toBe('7');
  });

  test('given a shard whose id is a name of Object’s own, then it is a shard like any other', () => {
    const checkpoints = make();

    expect(checkpoints.last('constructor')).toBeUndefined();
  });
});

describe('checkpoints in a file', () => {
  test('given checkpoints of a process that is gone, when the file is opened again, then they are still there', () => {
    new FileCheckpoints(path()).advance(
      'shard-1',
      '49601189658422359378836298521827638475320189012309704722',
    );

    expect(new FileCheckpoints(path()).last('shard-1')).toBe(
      '49601189658422359378836298521827638475320189012309704722',
    );
    expect(readdirSync(join(directory, 'data'))).toEqual(['checkpoints.json']);
  });

  test.each(['', '[1]', '{"shard-1":2}', 'null'])(
    'given a file that holds %p, when it is opened, then that is refused',
    (text) => {
      new FileCheckpoints(path());
      writeFileSync(path(), text);

      expect(() => new FileCheckpoints(path())).toThrow(ConfigurationRefused);
    },
  );
});
