import { join } from 'node:path';
import { SignJWT } from 'jose';
import { keptSigningKey, newSigningKey, type SigningKey } from '../../local/signing-key';
import type { Rollcall } from './rollcall';
import { inSeconds } from './token-issuer';

type Claims = Readonly<Record<string, unknown>>;

/** Signs whatever a test wants with the very key of a running Rollcall, or with one that is not its own. */
export class LocalIssuer {
  private constructor(
    private readonly url: string,
    private readonly key: SigningKey,
    private readonly foreign: SigningKey,
  ) {}

  /** @param data its data directory, which holds the key */
  static async of({ url }: Rollcall, data: string): Promise<LocalIssuer> {
    const key = await keptSigningKey(join(data, 'issuer', 'key.json'));
    return new LocalIssuer(url, key, await newSigningKey());
  }

  get publicKey(): object {
    return this.key.publicJwk;
  }

  async token(claims: Claims = {}, header: Claims = {}): Promise<string> {
    return await this.signed(claims, this.key, header);
  }

  /** By a key of the same id that nobody has published. */
  async forged(claims: Claims = {}): Promise<string> {
    return await this.signed(claims, { ...this.foreign, id: this.key.id });
  }

  private async signed(claims: Claims, { id, privateKey }: SigningKey, header: Claims = {}): Promise<string> {
    const all = { '*': ['*'] };
    const rollcall = { provide: all, watch: all, manage: all };
    const usual = { iss: this.url, aud: 'rollcall', sub: 'eve', exp: inSeconds(3_600), rollcall };
    return await new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: id, ...header })
      .sign(privateKey);
  }
}
