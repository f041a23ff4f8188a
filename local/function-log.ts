import type { Log } from '../core/ports';

type Line = Readonly<Record<string, unknown>>;

/**
 * What a function writes, as whoever runs it here wants to read it: what went wrong is always shown, by message and cause;
 * what it did only on request. Its metrics are for CloudWatch (embedded metric format) and no text to read.
 */
export function functionLog(name: string, log: Log): (line: string) => void {
  return (text) => {
    const line = jsonLine(text);
    if (line === undefined) return log.info(text, { function: name });
    if ('_aws' in line) return;
    const { level, message, timestamp: _, stack, error, ...fields } = line;
    const told = { function: name, ...fields };
    if (level === 'ERROR') log.error(String(message), stack ?? error, { level, ...told });
    else log.info(String(message), told);
  };
}

function jsonLine(text: string): Line | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
