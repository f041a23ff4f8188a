import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationRefused } from '../core/errors';
import type { Timings } from '../core/timings';
import { type Settings, settingsFrom } from '../lib/settings';
import type { Options } from './options';

/** Stand for the addresses of this start, which are known only when the stack is synthesized already. */
const placeholders = { byName: 'https://by-name.invalid', byAddress: 'https://by-address.invalid' } as const;

/** What the placeholders in the template mean for whoever listens at this port. */
export const addressesAt = (port: number): ReadonlyMap<string, string> =>
  new Map([
    [placeholders.byName, `http://localhost:${port}`],
    [placeholders.byAddress, `http://127.0.0.1:${port}`],
  ]);

/** Audience of the tokens that the local issuer signs. */
export const audience = 'rollcall';

/** The stack's settings for a run on this machine: those of a deployment as far as they mean something here. */
export function localSettings({ tickSeconds, settings }: Pick<Options, 'tickSeconds' | 'settings'>): object {
  const { timings, limits, allowedOrigins, pageOrigins, shards } = settings;
  const freshnessSeconds = Math.max(timings.freshnessSeconds, leastFreshness(tickSeconds, timings));
  return {
    timings: { ...timings, tickSeconds, freshnessSeconds },
    limits,
    allowedOrigins,
    // The page of this start takes the place of the deployed one.
    ...(pageOrigins && { pageOrigins: [placeholders.byName, ...pageOrigins] }),
    shards,
    // Nobody would look at them here, and without them the stack is synthesized sooner.
    alarms: false,
    tokenIssuers: [
      {
        issuer: placeholders.byName,
        audience,
        // By address: a function must not depend on how this machine resolves names.
        jwksUri: `${placeholders.byAddress}/.well-known/jwks.json`,
      },
    ],
  };
}

/** A second more than the relation in core/timings asks for. */
const leastFreshness = (tickSeconds: number, { batchWindowSeconds }: Timings): number =>
  2 * tickSeconds + batchWindowSeconds + 11;

const cdkJson = join(__dirname, '..', 'cdk.json');

/**
 * The settings that a deployment would have: the context `rollcall` of cdk.json, or what a file holds instead of it.
 * @throws ConfigurationRefused with a sentence that says what to change
 */
export function deploymentSettings(file?: string): Settings {
  if (file !== undefined) return settingsFrom(jsonIn(file));
  const { context } = jsonIn(cdkJson) as { readonly context?: { readonly rollcall?: unknown } };
  return settingsFrom(context?.rollcall);
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigurationRefused(
      `${file} must be a file with JSON: ${error instanceof Error ? error.message : error}`,
      {
        actual: file,
      },
    );
  }
}
