import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsFault, type Operations, startAwsJson } from './aws-json';
import type { LocalServer } from './loopback';

/**
 * Serves the secrets of the template over the protocol of Secrets Manager, each made when it is first asked for, as the
 * deployment would have made it.
 * @param arns of the secrets that there are
 * @param directory where they are kept between two starts; without it each start makes new ones
 */
export function startSecretsManager(
  arns: readonly string[],
  directory: string | undefined,
): Promise<LocalServer> {
  const secrets = new Map(arns.map((arn) => [arn, kept(nameOf(arn), directory)]));
  const operations: Operations = {
    'secretsmanager.GetSecretValue': async (input) => {
      const { SecretId: id } = input as { SecretId?: string };
      const secret = secrets.get(String(id));
      if (secret === undefined) {
        throw new AwsFault('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      return { ARN: id, Name: nameOf(String(id)), SecretString: secret };
    },
  };
  return startAwsJson(operations);
}

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

function kept(name: string, directory: string | undefined): string {
  if (directory === undefined) return made();
  const path = join(directory, name);
  if (!existsSync(path)) writeFileSync(path, made(), { mode: 0o600 });
  return readFileSync(path, 'utf8');
}

const made = (): string => randomBytes(48).toString('base64url');
