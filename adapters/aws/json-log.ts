import type { Log } from '../../core/ports';

/** One JSON object per line, as CloudWatch Logs Insights reads them. */
export const jsonLog: Log = {
  info: (message, fields = {}) => write('INFO', message, fields),
  error: (message, error, fields = {}) => write('ERROR', message, { ...fields, ...described(error) }),
};

const write = (level: string, message: string, fields: Record<string, unknown>): void => {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
};

function described(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const details = 'details' in error ? { details: error.details } : {};
  return { error: `${error.name}: ${error.message}`, stack: error.stack, ...details };
}
