import type { GetToken } from '../call';

/**
 * Whose token this is, as far as one can tell: issuer and subject of a JWT (RFC 7519), which is not verified, since it only
 * says which tabs belong together. Undefined for a token of another form, and where there is none for now.
 */
export async function userOf(getToken: GetToken): Promise<string | undefined> {
  try {
    const [, payload = ''] = (await getToken({ refresh: false })).split('.');
    const { iss, sub } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
    return sub && `${iss} ${sub}`;
  } catch {
    return undefined;
  }
}
