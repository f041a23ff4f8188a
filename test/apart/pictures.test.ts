import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { takePictures } from '../../tools/pictures/pictures';
import { shots } from '../../tools/pictures/shots';
import { seconds } from '../support/builders';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const documents = ['README.md', 'docs/OPERATORS.md'];

test(
  'npm run pictures takes each of the pictures, each once and small, and the documents show no other',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-pictures-'));
    const taken: string[] = [];
    await takePictures(directory, 13, (path) => taken.push(basename(path)));
    expect([...taken].sort()).toEqual(shots.map(({ name }) => `${name}.png`).sort());
    for (const name of taken) expect(readFileSync(join(directory, name)).subarray(0, 4)).toEqual(png);

    const kept = readdirSync(join(__dirname, '..', '..', 'docs', 'pictures'));
    expect(kept.sort()).toEqual([...taken].sort());
    for (const document of documents) {
      const text = readFileSync(join(__dirname, '..', '..', document), 'utf8');
      for (const [, name = ''] of text.matchAll(/pictures\/([\w-]+\.png)/g)) expect(kept).toContain(name);
    }
    rmSync(directory, { recursive: true });
  },
  seconds(400),
);
