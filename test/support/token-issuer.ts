import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type LocalServer, listenOnLoopback } from '../../local/loopback';

/** Claims of a token; a number of an instant is in seconds since the epoch, as JWTs have it. */
type Claims = Readonly<Record<string, unknown>>;

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

interface Key {
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  readonly publicJwk: JWK;
}

/** An issuer that signs whatever a test wants, and gives out its key over HTTP. */
export class TokenIssuer {
  /** How often its keys were asked for. */
  fetches = 0;
  /** What it gives out instead of its keys. */
  instead: { readonly status: number; readonly text: string } | undefined;

  private constructor(
    private readonly server: LocalServer,
    private readonly algorithm: string,
    private key: Key,
  ) {}

  /** On a curve by default, where a key is made at once. */
  static async start(algorithm = 'ES256'): Promise<TokenIssuer> {
    const server = await listenOnLoopback(async (_, response) => {
      issuer.fetches += 1;
      const { status, text } = issuer.instead ?? { status: 200, text: JSON.stringify(issuer.jwks) };
      response.writeHead(status).end(text);
    });
    const issuer = new TokenIssuer(server, algorithm, await newKey(algorithm, 'key-1'));
    return issuer;
  }

  get url(): string {
    return this.server.endpoint;
  }

  get jwksUri(): string {
    return `${this.url}/jwks.json`;
  }

  get jwks(): { readonly keys: readonly JWK[] } {
    return { keys: [this.key.publicJwk] };
  }

  /** Signs with another key from now on, and gives out that one alone. */
  async rotateTo(kid: string): Promise<void> {
    this.key = await newKey(this.algorithm, kid);
  }

  /** A token for `ann` that is valid for an hour, unless these claims say otherwise. */
  async token(claims: Claims = {}, header: Claims = {}): Promise<string> {
    const usual = { iss: this.url, aud: 'rollcall', sub: 'ann', iat: inSeconds(0), exp: inSeconds(3_600) };
    const protectedHeader = { alg: this.algorithm, kid: this.key.publicJwk.kid, ...header };
    return await new SignJWT({ ...usual, ...claims })
      .setProtectedHeader(protectedHeader as { alg: string })
      .sign(this.key.privateKey);
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** Without `alg`, which some issuers leave out: it must not be for the token to choose then. */
async function newKey(algorithm: string, kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' } };
}
