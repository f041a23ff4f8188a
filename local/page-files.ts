import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Serves the page's files as CloudFront does from the bucket, with the same security headers. */
export const pageFiles =
  (directory: string, contentSecurityPolicy: string) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname === '/' ? '/index.html' : pathIn(pathname);
    const file = path === undefined ? undefined : await contentOf(join(directory, path));
    if (file === undefined || !['GET', 'HEAD'].includes(request.method ?? '')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n');
      return;
    }
    response.writeHead(200, {
      'content-type': mediaTypes[extname(path ?? '')] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    response.end(request.method === 'HEAD' ? undefined : file);
  };

/** Undefined for what is no path: a broken escape, a null byte. */
function pathIn(pathname: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(pathname));
    return path.includes('\0') ? undefined : path;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return undefined;
  }
}

/** `normalize` of an absolute path leaves no `..` that could lead out of the directory. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
