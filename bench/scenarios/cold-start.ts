import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment as endpoint } from '../../lambdas/heartbeat-endpoint/contract';
import { environment as heartbeats } from '../../lambdas/heartbeat-monitor/contract';
import { environment as feed } from '../../lambdas/live-feed/contract';
import { environment as monitor } from '../../lambdas/session-monitor/contract';
import { environment as api } from '../../lambdas/status-api/contract';
import { mostBundleBytes } from '../../lib/bundling';
import type { Stage } from '../../lib/stage';
import { bundleOf, stages } from '../bundles';
import { spreadOf } from '../measure';
import type { Figure, Scenario } from '../scenario';

const starts = 15;
const mostInitMs = 150;

export const coldStart: Scenario = {
  title: 'Cold start of each function',
  about: `The bundle as the stack makes it, loaded ${starts} times in a fresh process each: from its first line until the handler is there. Node.js itself, and what Lambda takes to fetch the code, are not in it.`,
  fromSources: true,
  async run() {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-cold-'));
    try {
      return stages.flatMap((stage) => figuresOf(stage, directory));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

function figuresOf(stage: Stage, directory: string): readonly Figure[] {
  const file = join(directory, `${stage}.js`);
  const code = bundleOf(stage);
  writeFileSync(file, code);
  const ms = spreadOf(Array.from({ length: starts }, () => initMs(file, stage)));
  return [
    { what: `${stage}: bundle`, value: code.length / 1_024, unit: 'KB', atMost: mostBundleBytes / 1_024 },
    {
      what: `${stage}: init`,
      value: ms.median,
      unit: 'ms',
      least: ms.least,
      most: ms.most,
      atMost: mostInitMs,
    },
  ];
}

const program = `
const start = performance.now();
const { handler } = require(process.argv[1]);
if (typeof handler !== 'function') throw new Error('no handler');
process.stdout.write(String(performance.now() - start));
process.exit(0);`;

const initMs = (file: string, stage: Stage): number =>
  Number(
    execFileSync(process.execPath, ['-e', program, file], {
      env: { ...environments[stage], ...aws, PATH: process.env.PATH },
      encoding: 'utf8',
    }),
  );

const aws = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_LAMBDA_FUNCTION_NAME: 'rollcall',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Whatever is no JSON there may be any text. */
const filled = (names: Readonly<Record<string, string>>, json: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(names).map(([key, name]) => [
      name,
      Object.hasOwn(json, key) ? JSON.stringify(json[key]) : 'https://none.example',
    ]),
  );

/** An issuer on a port that nobody listens on: what it does while keys are fetched is part of the start. */
const issuers = [{ issuer: 'http://127.0.0.1:9', audience: 'rollcall', jwksUri: 'http://127.0.0.1:9/keys' }];
const json = { timings: {}, limits: {}, issuers, pageOrigins: [] };

const environments: Readonly<Record<Stage, Readonly<Record<string, string>>>> = {
  'heartbeat-endpoint': filled(endpoint, json),
  'heartbeat-monitor': filled(heartbeats, json),
  'session-monitor': filled(monitor, json),
  'live-feed': filled(feed, json),
  'status-api': filled(api, json),
};
