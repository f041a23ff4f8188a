import { createHmac, timingSafeEqual } from 'node:crypto';
import { canaryToleranceMs } from '../core/canary';
import type { Secret } from '../core/ports';

const shape = /^(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

/** The scheme of the `authorization` header that only the session monitor's canaries have. */
export const canaryScheme = 'rollcall-canary';

/** What a canary shows at the endpoint: that its sender knows the secret, which itself never travels. */
export const canaryToken = (secret: string, nowMs: number): string => `${nowMs}.${macOf(secret, nowMs)}`;

/** Whether whoever made the token knows the secret, and made it just now. */
export function isCanaryToken(secret: string, token: string, nowMs: number): boolean {
  const [, at = '', mac = ''] = shape.exec(token) ?? [];
  if (mac === '' || Math.abs(nowMs - Number(at)) > canaryToleranceMs) return false;
  return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(secret, Number(at))));
}

const macOf = (secret: string, atMs: number): string =>
  createHmac('sha256', secret).update(`canary ${atMs}`).digest('base64url');

/** The `authorization` header of a canary. */
export const canaryAuthorization =
  (secret: Secret) =>
  async (nowMs: number): Promise<string> =>
    `${canaryScheme} ${canaryToken(await secret.read(), nowMs)}`;
