import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditIn, tell } from '../../../tools/release/audit';
import { licencesFile, licencesText, unexpected } from '../../../tools/release/licences';
import { sbom } from '../../../tools/release/sbom';
import { packages } from '../../../tools/release/shipped';

const root = join(__dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const all = packages();

describe('licences', () => {
  test('none is unexpected, and what is shipped is permissive', () => {
    expect(unexpected(all)).toEqual([]);
  });

  test('are listed as they are: `npm run licences` was run', () => {
    expect(readFileSync(licencesFile, 'utf8')).toBe(licencesText(all));
  });

  test('what the page holds counts as shipped, what only tests it does not', () => {
    const shipped = new Set(all.flatMap(({ name, shipped }) => (shipped ? [name] : [])));
    for (const name of ['preact', '@preact/signals', 'aws-jwt-verify', '@aws-lambda-powertools/logger'])
      expect(shipped).toContain(name);
    for (const name of ['jest', 'axe-core', '@cloud-copilot/iam-simulate', 'aws-cdk-lib', 'pg'])
      expect(shipped).not.toContain(name);
  });

  test.each([
    ['a licence that nobody knows', { name: 'x', version: '1', licence: 'WTFPL', shipped: false }],
    ['none', { name: 'x', version: '1', licence: 'none', shipped: false }],
    [
      'a tolerated package that is shipped after all',
      { name: 'axe-core', version: '1', licence: 'MPL-2.0', shipped: true },
    ],
    [
      'one of two that both hold',
      { name: 'x', version: '1', licence: 'MIT AND GPL-3.0-only', shipped: true },
    ],
  ])('%s is unexpected', (_, found) => {
    expect(unexpected([found])).toEqual([found]);
  });

  test('of two licences one may choose', () => {
    expect(unexpected([{ name: 'x', version: '1', licence: 'GPL-3.0-only OR MIT', shipped: true }])).toEqual(
      [],
    );
  });
});

test('the SBOM lists what is shipped, and nothing else', () => {
  const { metadata, components, bomFormat } = sbom();
  expect(bomFormat).toBe('CycloneDX');
  expect(metadata.component).toMatchObject({
    name: 'rollcall',
    version: JSON.parse(read('package.json')).version,
  });
  const listed = components.map(({ name, version }) => `${name}@${version}`);
  const shipped = all.flatMap(({ name, version, shipped }) => (shipped ? [`${name}@${version}`] : []));
  expect(new Set(listed)).toEqual(new Set(shipped));
});

describe('the audit', () => {
  const code = (written: string): number => tell(auditIn(written), () => undefined);

  test.each<[string, string, number]>([
    ['nothing is known', '{"auditReportVersion":2,"vulnerabilities":{}}', 0],
    ['something is', '{"auditReportVersion":2,"vulnerabilities":{"x":{"severity":"high","range":"<2"}}}', 1],
    ['the registry refuses', '{"message":"404 Not Found","error":{"summary":"","code":"ENOAUDIT"}}', 2],
    ['there is no network', '{"error":{"code":"ENOTFOUND","summary":"request failed"}}', 2],
    ['nothing is written', '', 2],
  ])('when %s', (_, written, expected) => {
    expect(code(written)).toBe(expected);
  });

  test('says aloud that there was none', () => {
    const lines: string[] = [];
    tell(auditIn(''), (line) => lines.push(line));
    expect(lines.join()).toContain('NOT AUDITED');
  });
});

describe('the version', () => {
  const { version } = JSON.parse(read('package.json'));

  test('is the same of everything that is released together', () => {
    expect(JSON.parse(read('client/package.json')).version).toBe(version);
    expect(JSON.parse(read('lib/package.json')).version).toBe(version);
  });

  test('is in the changelog, or what comes next is', () => {
    const [latest] = /^## (.+)$/m.exec(read('CHANGELOG.md'))?.slice(1) ?? [];
    expect(latest === 'Unreleased' || latest?.startsWith(`${version} `)).toBe(true);
  });
});
