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
