import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { seeded } from '../../client/testing/steps';
import { sizes } from '../client/sizes';
import { fillRegions } from './fake-regions';
import { facilityCount, measure, region } from './measure';
import { reportOf } from './report';
import { PageServer } from './server';

const reportFile = join(__dirname, '..', '..', 'docs', 'PAGE.md');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

async function main(): Promise<void> {
  const server = new PageServer();
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const url = await server.start();
    const plan = [{ region, facilities: facilityCount, offlineShare: 0.03 }];
    fillRegions(server.fake, plan, Date.now(), seeded(7));
    const figures = await measure(browser, server, url);
    const report = reportOf(figures, sizes(), browser.version());
    console.log(report);
    if (process.argv.includes('--write')) writeFileSync(reportFile, report);
  } finally {
    await browser.close();
    server.close();
  }
}

void main();
