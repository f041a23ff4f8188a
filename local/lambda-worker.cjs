// The inside of one copy of a function: loads the bundle, then runs one invocation per message. Plain JavaScript, since
// a worker thread starts without the loader that turns the rest of the runtime into JavaScript.
'use strict';

const { join } = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');

const { directory, handler: handlerName, context: functionContext } = workerData;

/** The error types of Lambda's own Node.js runtime. */
function initFailure(error) {
  if (error instanceof SyntaxError) return failure('Runtime.UserCodeSyntaxError', error);
  if (error?.code === 'MODULE_NOT_FOUND') return failure('Runtime.ImportModuleError', error);
  return thrown(error);
}

const failure = (errorType, error) => ({ kind: 'failed', errorType, errorMessage: String(error?.message) });

const thrown = (error) =>
  error instanceof Error
    ? failure(error.name, error)
    : { kind: 'failed', errorType: typeof error, errorMessage: String(error) };

function loadHandler() {
  const [, file, name] = /^(.*)\.([^.]+)$/.exec(handlerName) ?? [];
  if (file === undefined) {
    return failure('Runtime.MalformedHandlerName', new Error(`${handlerName} is not <file>.<export>`));
  }
  try {
    const handler = require(join(directory, file))[name];
    if (typeof handler === 'function') return handler;
    return failure('Runtime.HandlerNotFound', new Error(`${handlerName} is undefined or not exported`));
  } catch (error) {
    console.error(error);
    return initFailure(error);
  }
}

/** Lambda's runtime turns the result into JSON itself; what JSON cannot say is a failure of the function. */
function serialized(result) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw new Error('Unable to stringify response body', { cause: error });
  }
}

async function invoke(handler, { event, requestId, deadlineMs }) {
  const context = {
    ...functionContext,
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
  try {
    return { kind: 'returned', json: serialized(await handler(JSON.parse(event), context)) };
  } catch (error) {
    console.error('Invoke Error', error);
    return thrown(error);
  }
}

const handler = loadHandler();
if (typeof handler === 'function') {
  parentPort.on('message', async (invocation) => parentPort.postMessage(await invoke(handler, invocation)));
  parentPort.postMessage({ kind: 'ready' });
} else {
  parentPort.postMessage(handler);
}
