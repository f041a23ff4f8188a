import { FunctionDidNotStart } from '../../local/lambda';
import { Bundles } from './bundle';

let bundles: Bundles;

beforeEach(() => {
  bundles = new Bundles();
});

afterEach(() => bundles.remove());

/** Counts, in one copy, what it was invoked with; waits for ever on the event `hang`. */
const counting = `
  let count = 0;
  exports.handler = async (event) => {
    count += 1;
    console.log('got ' + event);
    if (event === 'hang') await new Promise(() => setInterval(() => {}, 1_000));
    if (event === 'exit') process.exit(3);
    if (event === 'throw null') setImmediate(() => { throw null; });
    if (event === 'throw null') await new Promise(() => {});
    if (event === 'background') setImmediate(() => { throw new Error('too late'); });
    if (event === 'background') await new Promise(() => {});
    return count;
  };`;

describe('invoking', () => {
  test('given a handler, when it is invoked, then it gets a copy of the event and its result comes back', async () => {
    const greeter = await bundles.deploy('exports.handler = async (event) => ({ hello: event.name })');

    expect(await greeter.invoke({ name: 'Ada' })).toEqual({ kind: 'returned', value: { hello: 'Ada' } });
  });

  test('given a handler that returns nothing, then the result is null, as JSON has it', async () => {
    const silent = await bundles.deploy('exports.handler = async () => {}');

    expect(await silent.invoke({})).toEqual({ kind: 'returned', value: null });
  });

  test('given a handler that throws, then the failure has the error’s type and message, and the copy lives on', async () => {
    const thrower = await bundles.deploy('exports.handler = async () => { throw new RangeError("far out") }');

    expect(await thrower.invoke({})).toEqual({
      kind: 'failed',
      errorType: 'RangeError',
      errorMessage: 'far out',
    });
    expect(thrower.copies).toBe(1);
  });

  test('given a result that is no JSON, then the invocation fails', async () => {
    const bigger = await bundles.deploy('exports.handler = async () => 1n');

    expect(await bigger.invoke({})).toMatchObject({
      kind: 'failed',
      errorMessage: 'Unable to stringify response body',
    });
  });

  test('given several invocations, when they come one after another, then one copy serves them all', async () => {
    const counter = await bundles.deploy(counting, { concurrency: 2 });

    await counter.invoke('a');

    expect(await counter.invoke('b')).toEqual({ kind: 'returned', value: 2 });
    expect(counter.copies).toBe(1);
  });

  test('given a handler, when it looks at its context, then it finds what Lambda puts there', async () => {
    const looker = await bundles.deploy(
      'exports.handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() })',
      { memoryMb: 512, environment: { AWS_REGION: 'eu-west-1' } },
    );

    const invocation = await looker.invoke({});

    expect(invocation).toMatchObject({
      kind: 'returned',
      value: {
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionName: 'greeter',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:greeter',
        memoryLimitInMB: '512',
        left: expect.any(Number),
      },
    });
    expect(looker.arn).toBe('arn:aws:lambda:eu-west-1:000000000000:function:greeter');
  });
});

describe('the environment', () => {
  const environmentOf = 'exports.handler = async () => process.env';

  test('given settings of the template, then the function has them, and what Lambda sets', async () => {
    const looker = await bundles.deploy(environmentOf, { environment: { TABLE: 'sessions' } });

    expect(await looker.invoke({})).toMatchObject({
      value: {
        TABLE: 'sessions',
        AWS_REGION: 'us-east-1',
        AWS_LAMBDA_FUNCTION_NAME: 'greeter',
        AWS_ACCESS_KEY_ID: 'greeter',
        _HANDLER: 'index.handler',
      },
    });
  });

  test('given a secret in the environment of this process, then the function does not have it', async () => {
    process.env.ROLLCALL_TEST_SECRET = 'secret';
    const looker = await bundles.deploy(environmentOf);

    const invocation = await looker.invoke({});

    delete process.env.ROLLCALL_TEST_SECRET;
    expect(JSON.stringify(invocation)).not.toContain('ROLLCALL_TEST_SECRET');
  });

  test('given a function that prints, then each line reaches the log', async () => {
    const printer = await bundles.deploy(
      'exports.handler = async () => { console.log("one\\ntwo"); console.error("three") }',
    );

    await printer.invoke({});
    await Promise.all(['one', 'two', 'three'].map((line) => bundles.line(line)));

    expect(bundles.lines).toHaveLength(3);
  });
});

describe('starting', () => {
  test.each([
    ['throws a TypeError', 'null.x', 'TypeError'],
    ['is no JavaScript', 'exports.handler = {', 'Runtime.UserCodeSyntaxError'],
    ['needs a module that is not there', 'require("nowhere-to-be-found")', 'Runtime.ImportModuleError'],
    ['exports no handler', 'exports.other = 1', 'Runtime.HandlerNotFound'],
  ])('given code that %s, then invocations fail with Lambda’s error type', async (_, code, errorType) => {
    const broken = await bundles.deploy(code);

    expect(await broken.invoke({})).toMatchObject({ kind: 'failed', errorType });
    expect(broken.copies).toBe(0);
  });

  test('given a function, when it is warmed, then its first invocation finds a copy that has started', async () => {
    const counter = await bundles.deploy('console.log("started"); exports.handler = async () => 1');

    await counter.warm();
    await bundles.line('started');

    expect(counter.copies).toBe(1);
    await counter.invoke({});
    expect(bundles.lines).toEqual(['started']);
  });

  test('given code that cannot be loaded, when it is warmed, then that is said at once', async () => {
    const broken = await bundles.deploy('exports.other = 1');

    await expect(broken.warm()).rejects.toThrow(FunctionDidNotStart);
  });
});

describe('ends of copies', () => {
  test('given a handler that takes too long, then it is timed out and the next invocation gets a new copy', async () => {
    const counter = await bundles.deploy(counting, { timeoutMs: 300 });

    expect(await counter.invoke('hang')).toMatchObject({
      kind: 'failed',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 0.30 seconds'),
    });
    expect(await counter.invoke('again')).toEqual({ kind: 'returned', value: 1 });
  });

  test.each(['exit', 'background', 'throw null'])(
    'given a handler whose thread dies (%s), then the invocation fails and the next gets a new copy',
    async (event) => {
      const counter = await bundles.deploy(counting);

      expect(await counter.invoke(event)).toMatchObject({ kind: 'failed', errorType: 'Runtime.ExitError' });
      expect(await counter.invoke('again')).toEqual({ kind: 'returned', value: 1 });
    },
  );

  test('given a running invocation, when the function is killed, then it fails and the function comes back', async () => {
    const counter = await bundles.deploy(counting);
    const hanging = counter.invoke('hang');
    await bundles.line('got hang');

    counter.kill();

    expect(await hanging).toMatchObject({ kind: 'failed', errorType: 'Runtime.ExitError' });
    expect(await counter.invoke('again')).toEqual({ kind: 'returned', value: 1 });
  });

  test('given a function that is closed, then running, waiting and later invocations fail', async () => {
    const counter = await bundles.deploy(counting);
    const hanging = counter.invoke('hang');
    const waiting = counter.invoke('b');
    await bundles.line('got hang');

    await counter.close();

    expect(await hanging).toMatchObject({ kind: 'failed', errorType: 'Runtime.ExitError' });
    expect(await waiting).toMatchObject({ kind: 'failed' });
    expect(await counter.invoke('c')).toMatchObject({ kind: 'failed' });
    expect(counter.copies).toBe(0);
  });
});

describe('concurrency', () => {
  test('given two copies at most, when three invocations come at once, then the third waits for one of them', async () => {
    const counter = await bundles.deploy(counting, { concurrency: 2 });

    const results = await Promise.all(['a', 'b', 'c'].map((event) => counter.invoke(event)));

    expect(counter.copies).toBe(2);
    expect(results.map((result) => result.kind === 'returned' && result.value).toSorted()).toEqual([1, 1, 2]);
  });

  test('given a function that throttles, when every copy is busy, then an invocation is turned away', async () => {
    const counter = await bundles.deploy(counting, { whenBusy: 'throttle' });
    const hanging = counter.invoke('hang');
    await bundles.line('got hang');

    expect(await counter.invoke('b')).toEqual({ kind: 'throttled' });

    counter.kill();
    await hanging;
  });

  test('given a waiting invocation, when the copy that it waits for dies, then it gets a new one', async () => {
    const counter = await bundles.deploy(counting);
    const dying = counter.invoke('exit');
    const waiting = counter.invoke('b');

    expect(await dying).toMatchObject({ kind: 'failed' });
    expect(await waiting).toEqual({ kind: 'returned', value: 1 });
  });
});
