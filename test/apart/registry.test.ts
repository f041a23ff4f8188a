import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { OperatorsPage, startBrowser } from '../support/operators-page';
import { Rollcall } from '../support/rollcall';

/** Markup, an override of the direction of text, and a quote: a name like any other. */
const awkward = '\u202E𝔩ab <img src=x onerror=alert(1)> "7"';
const directory = mkdtempSync(join(tmpdir(), 'rollcall-registry-page-'));
let browser: Browser;
let rollcall: Rollcall;
let boss: string;

beforeAll(async () => {
  [browser, rollcall] = await Promise.all([startBrowser(), Rollcall.start()]);
  const everything = { '*': ['*'] };
  boss = await rollcall.token({ watch: everything, manage: everything }, 'boss');
});

afterAll(async () => {
  await Promise.allSettled([browser?.close(), rollcall?.close()]);
  rmSync(directory, { recursive: true, force: true });
});

const pathOf = (region: string, id: string): string =>
  `/v1/regions/${region}/facility?id=${encodeURIComponent(id)}`;

const put = (region: string, id: string, registry: object) =>
  rollcall.send('PUT', pathOf(region, id), boss, registry);

const registryOf = async (region: string, id: string): Promise<unknown> =>
  (await rollcall.get<{ registry?: object }>(pathOf(region, id), boss)).body.registry;

async function manager(hash: string): Promise<{ readonly opened: OperatorsPage; readonly page: Page }> {
  const opened = await OperatorsPage.open(browser, rollcall, hash, { role: 'manager' });
  await opened.page.locator('.banner[data-feed="live"]').waitFor();
  return { opened, page: opened.page };
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const written = (page: Page, words: string | RegExp) =>
  page.locator('main').getByText(words).first().waitFor();

/** Notes what is read out from now on, as it changes. */
async function readOut(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(`
    window.heard = [];
    const polite = document.querySelector('[aria-live="polite"]');
    new MutationObserver(() => window.heard.push(polite.textContent)).observe(polite, {
      characterData: true, childList: true, subtree: true,
    });
  `);
  return async () => await page.evaluate<string[]>('window.heard');
}

describe('the registry on the page', () => {
  test('given a facility, when a manager edits it, then that alone changes, and names stay text', async () => {
    const maintenance = [{ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }];
    await put('edit', 'clinic-7', { name: 'Clinic seven', tags: ['cold'], maintenance });
    const { opened, page } = await manager('~registry/edit?facility=clinic-7');
    await heading(page, 'Clinic seven');

    await page.getByLabel('Latitude').fill('95');
    await page.getByRole('button', { name: 'Save' }).click();
    await written(page, 'Expected degrees from -90 to 90.');
    expect(await opened.barriers()).toEqual([]);

    await page.getByLabel('Latitude').fill('');
    await page.getByLabel('Name', { exact: true }).fill(awkward);
    await page.getByLabel('Time zone').fill('Europe/Madrid');
    // Somebody else is at it, too.
    await put('edit', 'clinic-7', { name: 'Clinic seven', tags: ['cold', 'new'], maintenance });
    await page.getByRole('button', { name: 'Save' }).click();
    await heading(page, awkward);

    expect(await registryOf('edit', 'clinic-7')).toEqual({
      name: awkward,
      timeZone: 'Europe/Madrid',
      tags: ['cold', 'new'],
      maintenance,
    });
    await page.goto(`${rollcall.url}/#/~registry/edit`);
    await page.locator('.entry').getByText('<img src=x').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await opened.barriers()).toEqual([]);
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test('given somebody else renames what is being edited, when the page hears of it, then saving keeps their name', async () => {
    await put('both', 'clinic-7', { name: 'Clinic seven' });
    const { opened, page } = await manager('~registry/both?facility=clinic-7');
    await page.getByLabel('Address').fill('Long Street 7');
    await put('both', 'clinic-7', { name: 'Clinic of hope' });
    const heard = await readOut(page);
    for (const count of [1, 2]) {
      await page.getByRole('button', { name: 'Set maintenance' }).click();
      await page
        .locator('.window')
        .nth(count - 1)
        .waitFor();
    }
    await heading(page, 'Clinic of hope');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Clinic seven');
    await page.getByRole('button', { name: 'Save' }).click();
    await written(page, 'The facility is saved.');
    expect(await registryOf('both', 'clinic-7')).toMatchObject({
      name: 'Clinic of hope',
      address: 'Long Street 7',
      maintenance: [{}, {}],
    });
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Clinic of hope');
    const saved = 'The maintenance window is saved.';
    expect((await heard()).filter((text) => text === saved)).toEqual([saved, saved]);
    await opened.close();
  });

  test('given a region that was looked at before, then what came later is there once it is opened', async () => {
    await put('later', 'clinic-7', {});
    const { opened, page } = await manager('~registry/later');
    await page.locator('.entry').getByText('clinic-7').first().waitFor();
    await put('later', 'clinic-8', { name: 'Clinic eight' });
    await page.goto(`${rollcall.url}/#/~registry/later?facility=clinic-8`);
    await heading(page, 'Clinic eight');
    await page.getByRole('button', { name: 'Save' }).waitFor();
    await put('later', 'clinic-9', { name: 'Clinic nine' });
    await page.goto(`${rollcall.url}/#/~registry/later`);
    await page.locator('.entry').getByText('Clinic nine').waitFor();
    await page.goto(`${rollcall.url}/#/~registry/later?facility=never`);
    await written(page, 'There is no such facility here');
    await opened.close();
  });

  test('given the registry cannot be read again, then what is known stays, and so does a form; it can be tried again', async () => {
    await put('flaky', 'clinic-7', { name: 'Clinic seven' });
    const { opened, page } = await manager('~registry/flaky?facility=clinic-7');
    await page.getByLabel('Address').fill('Long Street 7');
    const reading = '**/v1/regions/flaky/registry*';
    const problem = { status: 403, detail: 'Not just now.' };
    await page.route(reading, (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.goto(`${rollcall.url}/#/~registry/flaky`);
    await written(page, 'Not just now.');
    await page.locator('.entry').getByText('Clinic seven').click();
    expect(await page.getByLabel('Address').inputValue()).toBe('Long Street 7');
    await page.goto(`${rollcall.url}/#/~registry/flaky?facility=clinic-8`);
    await written(page, 'Not just now.');
    expect(await page.getByText('There is no such facility').count()).toBe(0);
    expect(await opened.barriers()).toEqual([]);

    await page.unroute(reading);
    await put('flaky', 'clinic-8', { name: 'Clinic eight' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'Clinic eight');
    expect(await page.getByText('Not just now.').count()).toBe(0);
    await opened.close();
  });

  test('given a region is renamed while somebody sets its thresholds, then its name stays', async () => {
    await put('named', 'a', {});
    const { opened, page } = await manager('~registry/named');
    await page.getByLabel('Up from, % online').fill('90');
    await page.getByLabel('Down below, % online').fill('50');
    await rollcall.send('PUT', '/v1/regions/named', boss, { name: 'Renamed' });
    await page.getByRole('button', { name: 'Save' }).click();
    await written(page, 'The region is saved.');
    const { body } = await rollcall.get('/v1/regions/named/registry', boss);
    expect(body).toMatchObject({ name: 'Renamed', thresholds: { upFrom: 0.9, downBelow: 0.5 } });
    await opened.close();
  });

  test('given the import cannot be loaded, then the page says so, and it can be opened once it can', async () => {
    const { opened, page } = await manager('~registry');
    const chunk = '**/import-panel-*.js';
    await page.route(chunk, (route) => route.abort());
    await page.getByRole('button', { name: 'Import a file…' }).click();
    await written(page, 'The import could not be loaded. Try again.');
    await page.unroute(chunk);
    await page.getByRole('button', { name: 'Import a file…' }).click();
    await page.getByRole('heading', { name: 'Import facilities' }).waitFor();
    expect(opened.complaints.filter((text) => !/ERR_FAILED/.test(text))).toEqual([]);
    await opened.close();
  });

  test('given a form with something in it, then another view does not lose it', async () => {
    await put('draft', 'clinic-7', {});
    const { opened, page } = await manager('~registry/draft?facility=clinic-7');
    await page.getByLabel('Address').fill('Long Street 7');
    await page.goto(`${rollcall.url}/#/draft`);
    await heading(page, 'draft');
    await page.goBack();
    await heading(page, 'clinic-7');
    expect(await page.getByLabel('Address').inputValue()).toBe('Long Street 7');
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.getByLabel('Address').inputValue()).toBe('');
    await opened.close();
  });

  test('given a region, then facilities are created, moved and removed in it', async () => {
    await rollcall.send('PUT', '/v1/regions/elsewhere', boss, { name: 'Elsewhere' });
    await put('life', 'other', {});
    const { opened, page } = await manager('~registry/life');
    await page.getByRole('link', { name: 'New facility' }).click();
    await page.getByLabel('Id').fill('a b');
    await page.getByRole('button', { name: 'Create facility' }).click();
    await written(page, /Expected letters, digits/);
    await page.getByLabel('Id').fill('lab/3');
    await page.getByLabel('Name', { exact: true }).fill('Laboratory three');
    await page.getByRole('button', { name: 'Create facility' }).click();
    await heading(page, 'Laboratory three');
    expect(await registryOf('life', 'lab/3')).toEqual({ name: 'Laboratory three' });

    await page.getByLabel('To region').selectOption('elsewhere');
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.waitForURL(/~registry\/elsewhere/);
    expect((await rollcall.get(pathOf('life', 'lab/3'), boss)).status).toBe(404);
    expect(await registryOf('elsewhere', 'lab/3')).toEqual({ name: 'Laboratory three' });

    await page.getByRole('button', { name: 'Remove…' }).click();
    await page.getByRole('button', { name: 'Remove lab/3 for good' }).click();
    await heading(page, 'Registry of Elsewhere');
    expect((await rollcall.get(pathOf('elsewhere', 'lab/3'), boss)).status).toBe(404);
    // The browser itself writes down what was not there any more.
    expect(opened.complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
    await opened.close();
  });

  test('given thresholds, then the state of the region follows them', async () => {
    await put('limits', 'a', {});
    const { opened, page } = await manager('~registry/limits');
    await page.getByLabel('Up from, % online').fill('90');
    await page.getByRole('button', { name: 'Save' }).click();
    await written(page, /Expected a share from 0 to 1|Expected this field/);
    await page.getByLabel('Down below, % online').fill('50');
    await page.getByLabel('Name', { exact: true }).fill('The limits');
    await page.getByRole('button', { name: 'Save' }).click();
    await written(page, 'The region is saved.');
    const { body } = await rollcall.get('/v1/regions/limits/registry', boss);
    expect(body).toMatchObject({ name: 'The limits', thresholds: { upFrom: 0.9, downBelow: 0.5 } });
    await opened.close();
  });

  test('given maintenance is set, then it is there at once, and ends when somebody ends it', async () => {
    await put('windows', 'clinic-7', {});
    const { opened, page } = await manager('~registry/windows?facility=clinic-7');
    await page.getByRole('button', { name: '30 min' }).click();
    await page.getByLabel('Reason').fill(awkward);
    await page.getByRole('button', { name: 'Set maintenance' }).click();
    await page.locator('.window[data-when="now"]').getByText('<img src=x').waitFor();
    const { maintenance } = (await registryOf('windows', 'clinic-7')) as {
      maintenance: { from: string; to: string; note: string }[];
    };
    expect(maintenance).toMatchObject([{ note: awkward }]);
    const [{ from, to } = { from: '', to: '' }] = maintenance;
    expect(Date.parse(to) - Date.parse(from)).toBe(30 * 60_000);
    expect(await opened.barriers()).toEqual([]);
    await page.getByRole('button', { name: 'End now' }).click();
    await page.locator('.window[data-when="over"]').waitFor();
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test('given a file, then nothing is sent before its changes were shown', async () => {
    await put('files', 'clinic-7', { name: 'Clinic six' });
    await put('files', 'clinic-8', { name: 'Clinic eight' });
    const { opened, page } = await manager('~registry/files');
    const file = join(directory, 'facilities.csv');
    await page.getByRole('button', { name: 'Import a file…' }).click();

    writeFileSync(file, 'id,name,latitude,longitude\nclinic-7,A,99,1\nb c,B,,\n');
    await page.getByLabel('A file in CSV or JSON').setInputFiles(file);
    await written(page, 'has 2 faults. Nothing was sent.');
    await page.getByRole('button', { name: 'Choose another file' }).click();

    const quoted = `"${awkward.replaceAll('"', '""')}"`;
    writeFileSync(file, `id,name\nclinic-7,Clinic seven\nclinic-8,Clinic eight\nlab/1,${quoted}\n`);
    await page.getByLabel('A file in CSV or JSON').setInputFiles(file);
    await written(page, '1 new');
    const row = page.locator('tbody', { hasText: 'files/clinic-7' });
    expect(await row.locator('td').allTextContents()).toEqual(['Name', 'Clinic six', 'Clinic seven']);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await opened.barriers()).toEqual([]);
    expect(await registryOf('files', 'clinic-7')).toEqual({ name: 'Clinic six' });

    await page.getByRole('button', { name: 'Import 2 facilities' }).click();
    await written(page, /1 created, 1 changed, 1 unchanged, 0 failed/);
    expect(await registryOf('files', 'clinic-7')).toEqual({ name: 'Clinic seven' });
    expect(await registryOf('files', 'lab/1')).toEqual({ name: awkward });
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  test('AC2 given somebody who manages nothing, then the page offers nothing, and shows nothing', async () => {
    await put('secret', 'clinic-7', { name: 'Clinic seven' });
    const opened = await OperatorsPage.open(browser, rollcall, '~registry/secret', { role: 'everything' });
    await written(opened.page, 'you may not manage anything in it');
    expect(await opened.page.getByRole('link', { name: 'Registry', exact: true }).count()).toBe(1);
    await opened.close();
  });
});
