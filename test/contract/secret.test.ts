import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ManagedSecret } from '../../adapters/aws/secret';
import { VirtualClock } from '../../adapters/memory/virtual-clock';
import { startSecretsManager } from '../../local/secrets-manager';
import { localAws } from '../support/aws-client';
import { minutes } from '../support/builders';

/** A secret manager that makes one secret, and whoever reads it. */
async function aSecret(directory?: string) {
  const server = await startSecretsManager(['canary'], directory);
  const client = new SecretsManagerClient(localAws(server.endpoint));
  const clock = new VirtualClock();
  return {
    clock,
    server,
    reader: (name = 'canary') => new ManagedSecret(client, name, clock),
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

test('TR2 two readers know the same long text', async () => {
  const { reader, close } = await aSecret();
  const text = await reader().read();
  expect(text).toMatch(/^[\w-]{64}$/);
  expect(await reader().read()).toBe(text);
  await close();
});

test('given it was read, when it is read again, then nobody is asked for five minutes', async () => {
  const { clock, reader, server, close } = await aSecret();
  const kept = reader();
  const text = await kept.read();
  await server.close();
  clock.advance(minutes(5) - 1);
  expect(await kept.read()).toBe(text);
  clock.advance(1);
  await expect(kept.read()).rejects.toThrow();
  await close().catch(() => undefined);
});

test('a secret that does not exist is an error each time', async () => {
  const { reader, close } = await aSecret();
  const unknown = reader('other');
  await expect(unknown.read()).rejects.toThrow("can't find the specified secret");
  await expect(unknown.read()).rejects.toThrow("can't find the specified secret");
  await close();
});

test('given a directory, when it starts again, then the secret is the same', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-secret-'));
  const texts = [];
  for (let start = 0; start < 2; start += 1) {
    const { reader, close } = await aSecret(directory);
    texts.push(await reader().read());
    await close();
  }
  rmSync(directory, { recursive: true });
  expect(texts[0]).toBe(texts[1]);
});
