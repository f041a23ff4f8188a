import { ConfigurationRefused } from './errors';

/** A relation that settings must keep, and the sentence that says what to change when they do not. */
export interface Rule<T> {
  readonly holds: (settings: T) => boolean;
  readonly sentence: (settings: T) => string;
}

/** Settings that belong together: what each is unless given, and what must hold among them. */
export interface Group<T extends object> {
  /** What one of them is called. */
  readonly noun: string;
  readonly defaults: T;
  readonly rules: readonly Rule<T>[];
}

/**
 * Completes the given settings with the defaults.
 * @throws ConfigurationRefused with one sentence per broken rule that says what to change
 */
export function completed<T extends object>({ noun, defaults, rules }: Group<T>, given: Partial<T>): T {
  const names = Object.keys(defaults);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  const settings = { ...defaults, ...given };
  const sentences = [
    ...unknown.map((name) => `There is no ${noun} ${name}; choose among ${names.join(', ')}.`),
    ...rules.filter((rule) => !rule.holds(settings)).map((rule) => rule.sentence(settings)),
  ];
  if (sentences.length > 0) {
    throw new ConfigurationRefused(sentences.join(' '), { actual: given, expected: defaults });
  }
  return settings;
}
