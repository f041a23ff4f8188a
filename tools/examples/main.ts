import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExamplesServer } from './server';

const [rollcallUrl = 'http://localhost:8787'] = process.argv.slice(2);

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-examples-'));
  const { url } = await ExamplesServer.start(rollcallUrl, directory, 8788);
  console.log(`Plain page: ${url}/plain/\nReact: ${url}/react/`);
}

void main();
