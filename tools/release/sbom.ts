import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from './shipped';

const root = join(__dirname, '..', '..');

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
}

/** What of CycloneDX 1.5 is used here. */
export interface Sbom {
  readonly bomFormat: 'CycloneDX';
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** What is deployed and published is made of, as npm knows it; what only builds and tests it is left out. */
export function sbom(): Sbom {
  const listed = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1_024 * 1_024,
  });
  const whole = JSON.parse(listed) as Sbom;
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own = { ...whole.metadata.component, name, version };
  const shipped = new Set(
    packages().flatMap((each) => (each.shipped ? [`${each.name}@${each.version}`] : [])),
  );
  const refs = new Set([own['bom-ref'], ...shipped]);
  return {
    ...whole,
    // npm names it by the directory that it is in.
    metadata: { ...whole.metadata, component: own },
    components: whole.components.filter((component) => shipped.has(component['bom-ref'])),
    dependencies: whole.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
}

if (require.main === module) {
  const [file = 'rollcall.cdx.json'] = process.argv.slice(2);
  writeFileSync(file, `${JSON.stringify(sbom(), null, 2)}\n`);
}
