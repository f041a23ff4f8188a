import { once } from 'node:events';
import { connect } from 'node:net';
import type { Grant } from '../../local/permissions/grants';
import type { AdmittedRequest } from '../../local/permissions/guard';

/** The first request that each permission of each function let through. */
export class Samples {
  private readonly byGrant = new Map<string, AdmittedRequest>();

  /** Takes what a guard tells of. */
  readonly collect = (request: AdmittedRequest): void => {
    for (const grant of request.grants) {
      const key = keyOf(request.function, grant);
      if (!this.byGrant.has(key)) this.byGrant.set(key, request);
    }
  };

  of(name: string, { uses: _, ...grant }: Grant & { readonly uses?: number }): AdmittedRequest | undefined {
    return this.byGrant.get(keyOf(name, grant));
  }
}

const keyOf = (name: string, grant: Grant): string => `${name} ${JSON.stringify(grant)}`;

/** Sends the very same bytes again. @returns the whole answer */
export async function sentAgain({ endpoint, bytes }: AdmittedRequest): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes);
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
    if (isWhole(answer)) break;
  }
  socket.destroy();
  return answer;
}

function isWhole(answer: string): boolean {
  const bodyAt = answer.indexOf('\r\n\r\n') + 4;
  const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? Number.NaN);
  return bodyAt > 3 && Buffer.byteLength(answer.slice(bodyAt)) >= length;
}
