import '../../local/quiet-sdk';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Hosted } from '../support/hosted';
import { currentDocument, deployedGrants, documentPath, withTable } from './document';
import { complaintsIn, reportLines } from './report';
import { doEverything } from './scenario';

/** @returns the exit code: 1 where a permission is missing, or none needs it */
async function prove(): Promise<number> {
  const hosted = await Hosted.start();
  try {
    await doEverything(hosted);
    const reports = hosted.runtime.permissions.report();
    for (const line of reportLines(reports)) console.log(line);
    const complaints = complaintsIn(reports);
    for (const complaint of complaints) console.error(complaint);
    if (complaints.length === 0) console.log('Every permission was used, and none was missing.');
    return complaints.length === 0 ? 0 : 1;
  } finally {
    await hosted.close();
  }
}

/** Makes the table in the documentation anew. */
async function write(): Promise<number> {
  writeFileSync(documentPath, withTable(currentDocument(), await deployedGrants()));
  return 0;
}

const { values } = parseArgs({ options: { write: { type: 'boolean' } } });

(values.write ? write() : prove()).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
