import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import type { Context } from 'aws-lambda';
import type { Log } from '../../core/ports';

/**
 * What a line holds: enough to find everything of one invocation, and its trace. What does not change from line to line, such
 * as the function's memory, is left out: a line is paid for by its length.
 */
class Lines extends LogFormatter {
  override formatAttributes(given: UnformattedAttributes, fields: LogAttributes): LogItem {
    const { logLevel, message, timestamp, lambdaContext, xRayTraceId } = given;
    const attributes = {
      level: logLevel,
      message,
      timestamp: timestamp.toISOString(),
      requestId: lambdaContext?.awsRequestId,
      traceId: xRayTraceId,
    };
    return new LogItem({ attributes }).addAttributes(fields);
  }
}

const logger = new Logger({ logFormatter: new Lines() });

/** One JSON object per line, as CloudWatch Logs Insights reads them. */
export const jsonLog: Log = {
  info: (message, fields = {}) => logger.info(message, fields),
  error: (message, error, fields = {}) => logger.error(message, { ...fields, ...described(error) }),
};

/** Field by field: errors of the SDK carry whole requests and answers, in which tokens and bodies may be. */
function described(error: unknown): LogAttributes {
  if (!(error instanceof Error)) return { error: String(error) };
  const details = 'details' in error ? { details: error.details } : {};
  return { error: `${error.name}: ${error.message}`, stack: error.stack, ...details };
}

/** Has every line that a handler writes carry the id of its invocation. */
export const identified =
  <Event, Result>(handle: (event: Event) => Promise<Result>) =>
  async (event: Event, context: Context): Promise<Result> => {
    logger.addContext(context);
    return await handle(event);
  };
