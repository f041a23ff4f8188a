import { ConfigurationRefused } from '../core/errors';
import { type Limits, limitsFrom } from '../core/limits';
import { type Timings, timingsFrom } from '../core/timings';

/**
 * Reads a variable of the function's environment at cold start.
 * @throws ConfigurationRefused naming the variable, so that a wrong deployment fails before the first record.
 */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new ConfigurationRefused(`The environment lacks ${name}; deploy this function with the stack.`);
  }
  return value;
}

/** A variable that holds JSON. */
export function jsonSetting(name: string): unknown {
  try {
    return JSON.parse(setting(name));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigurationRefused(`${name} is not JSON; set it to JSON text.`);
  }
}

/** The timings, checked again here since a function can be configured past the stack. */
export const timingsSetting = (name: string): Timings => timingsFrom(jsonSetting(name) as Partial<Timings>);

/** The limits, checked again for the same reason. */
export const limitsSetting = (name: string): Limits => limitsFrom(jsonSetting(name) as Partial<Limits>);
