import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RollcallError } from '../../core/errors';
import type { Clock, Secret } from '../../core/ports';

/** A rotated secret is known everywhere within this. */
const keptMs = 5 * 60_000;

/** A secret without a value: nobody has stored one. */
export class SecretMissing extends RollcallError {}

/** A text in Secrets Manager, read once and again every few minutes, so that rotating it needs no deployment. */
export class ManagedSecret implements Secret {
  private kept: { readonly text: Promise<string>; readonly untilMs: number } | undefined;

  constructor(
    private readonly client: SecretsManagerClient,
    private readonly secretId: string,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<string> {
    const nowMs = this.clock.now();
    if (this.kept === undefined || this.kept.untilMs <= nowMs) {
      this.kept = { text: this.fetch(), untilMs: nowMs + keptMs };
    }
    const { text } = this.kept;
    try {
      return await text;
    } catch (error) {
      // A failure is not kept: the next caller asks again.
      this.kept = undefined;
      throw error;
    }
  }

  private async fetch(): Promise<string> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: this.secretId }));
    if (!SecretString) throw new SecretMissing('the secret has no value', { actual: this.secretId });
    return SecretString;
  }
}
