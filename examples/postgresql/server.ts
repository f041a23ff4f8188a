import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { changeIn, Unreadable } from './change';
import { apply, type Database } from './facility-table';

/** No event of EventBridge is longer. */
const mostBytes = 1_024 * 1_024;

/**
 * Takes events as an API destination posts them. 204 says that a change is committed, or was before. EventBridge tells an
 * event again after 401, 407, 409, 429, 5xx and after no answer at all, and puts it aside after any other 4xx.
 * @param key what the API destination sends as `x-api-key`
 */
export const createConsumer = (database: Database, key: string): Server =>
  createServer((request, response) => {
    answer(request, database, key)
      .then((status) => response.writeHead(status).end())
      .catch((error: unknown) => fail(response, error));
  });

async function answer(request: IncomingMessage, database: Database, key: string): Promise<number> {
  if (!isSame(String(request.headers['x-api-key'] ?? ''), key)) return 401;
  if (request.method !== 'POST') return 405;
  const body = await bodyOf(request);
  if (body === undefined) return 413;
  try {
    const change = changeIn(JSON.parse(body));
    if (change !== undefined) await apply(database, change);
    return 204;
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof SyntaxError)) throw error;
    console.error(`An event was not understood: ${error.message}`);
    return 422;
  }
}

/** The database is away, or is not what it should be: told again, the change comes in. */
function fail(response: ServerResponse, error: unknown): void {
  console.error('A change was not stored', error);
  response.writeHead(503, { 'retry-after': '5' }).end();
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Compared as hashes, of one length whatever was sent: how long it takes says nothing of the key. */
const isSame = (given: string, key: string): boolean => timingSafeEqual(hash(given), hash(key));
const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
