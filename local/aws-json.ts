import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RollcallError } from '../core/errors';
import { type Answer, bodyOf, type LocalServer, listenOnLoopback } from './loopback';

/** An error as a service of the protocol AWS JSON 1.1 answers it. */
export class AwsFault extends RollcallError {
  /** @param type such as `ValidationException`, by which clients tell errors apart. */
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Operations by the value of `X-Amz-Target`, such as `AWSEvents.PutEvents`; they throw an AwsFault to refuse. */
export type Operations = Readonly<Record<string, (input: unknown) => Promise<object>>>;

/** More than any operation's own limit, so that the operation gets to say what its limit is. */
const bodyBytes = 8 * 1_024 * 1_024;

/** Starts a server for AWS JSON 1.1 (Smithy, "AWS JSON 1.1 protocol"). Signatures are not looked at. */
export const startAwsJson = (operations: Operations): Promise<LocalServer> =>
  listenOnLoopback(awsJson(operations));

/** Answers requests of AWS JSON 1.1, for a server that listens in a way of its own. */
export const awsJson =
  (operations: Operations): Answer =>
  async (request, response) => {
    try {
      send(response, 200, await perform(operations, request));
    } catch (error) {
      const { type, message, status } = faultOf(error);
      send(response, status, { __type: type, message });
    }
  };

async function perform(operations: Operations, request: IncomingMessage): Promise<object> {
  const body = await bodyOf(request, bodyBytes);
  if (body === undefined) throw new AwsFault('RequestEntityTooLargeException', 'The body is too large.', 413);
  const target = String(request.headers['x-amz-target']);
  const operation = Object.hasOwn(operations, target) ? operations[target] : undefined;
  if (operation === undefined)
    throw new AwsFault('UnknownOperationException', `${target} is not served here.`);
  return operation(parsed(body));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw new AwsFault('SerializationException', error.message);
    throw error;
  }
}

/** Anything unforeseen is a fault of the service, as it would be at AWS: clients try again. */
const faultOf = (error: unknown): AwsFault =>
  error instanceof AwsFault ? error : new AwsFault('InternalFailure', String(error), 500);

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
    .end(JSON.stringify(body));
}
