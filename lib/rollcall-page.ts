import { cpSync } from 'node:fs';
import type * as web from '../web/build';
import type { BuildPage } from './operators-page';
import { readyMade } from './ready-made';

/** Rollcall's own page. */
export const rollcallPage: BuildPage = (outDir) => {
  const page = readyMade('page');
  if (page !== undefined) return cpSync(page, outDir, { recursive: true });
  // Loaded only here: a published package needs no bundler.
  const { buildPage } = require('../web/build') as typeof web;
  buildPage(outDir);
};
