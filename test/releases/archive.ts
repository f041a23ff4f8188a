import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** The last release, as far as it must run beside this one: its template and the code of its functions. */
export const lastRelease = join(__dirname, 'last.br');

/** What is kept of a release. */
interface Archive {
  readonly version: string;
  readonly commit: string;
  /** Content by path within the assembly. */
  readonly files: Readonly<Record<string, string>>;
}

/** Functions share most of their code, which only a window over all of them sees. */
const params = {
  [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
  [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
};

/** Packs what a run needs of a synthesized stack: nothing that only deploys, and of the page that there is one. */
export function pack(assembly: string, release: Pick<Archive, 'version' | 'commit'>, file: string): void {
  const paths = ['Rollcall.template.json', 'Rollcall.assets.json', ...bundlesIn(assembly)];
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(assembly, path), 'utf8')]));
  const archive: Archive = { ...release, files };
  writeFileSync(file, brotliCompressSync(JSON.stringify(archive), { params }));
}

function bundlesIn(assembly: string): readonly string[] {
  return readdirSync(assembly)
    .filter((name) => name.startsWith('asset.') && statSync(join(assembly, name)).isDirectory())
    .flatMap((name) => [join(name, 'index.js'), join(name, 'index.html')])
    .filter((path) => existsSync(join(assembly, path)));
}

/** Unpacks into a directory, which is then what `cdk synth` made of that release. */
export function unpack(directory: string, file = lastRelease): Pick<Archive, 'version' | 'commit'> {
  const { files, ...release }: Archive = JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return release;
}
