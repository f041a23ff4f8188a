import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environments } from '../bin/environments';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const directory = join(__dirname, '..', '.github', 'workflows');
const names = readdirSync(directory);
const text = (name: string) => readFileSync(join(directory, name), 'utf8');
const workflow = (name: string): Workflow => parse(text(name));
const stepsOf = (name: string) => Object.values(workflow(name).jobs).flatMap(({ steps = [] }) => steps);
const assumingAws = ({ uses = '' }: Step) => uses.startsWith('aws-actions/');

describe.each(names)('the workflow %s', (name) => {
  test('uses actions by the hash of a commit, which nobody can move', () => {
    for (const { uses } of stepsOf(name).filter((step) => step.uses !== undefined)) {
      expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    }
  });

  test('may read the repository, and more only where a job says so', () => {
    expect(workflow(name).permissions).toEqual({ contents: 'read' });
  });

  test('keeps no secret: AWS trusts its token', () => {
    expect(text(name)).not.toContain('secrets.');
    for (const [, job] of Object.entries(workflow(name).jobs)) {
      if ((job.steps ?? []).some(assumingAws)) expect(job.permissions?.['id-token']).toBe('write');
    }
  });

  test('leaves no token in the checkout, and ends at some time', () => {
    for (const step of stepsOf(name).filter(({ uses }) => uses?.startsWith('actions/checkout'))) {
      expect(step.with?.['persist-credentials']).toBe(false);
    }
    for (const job of Object.values(workflow(name).jobs).filter(({ steps }) => steps)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  test('pastes nothing that others write into a command', () => {
    for (const { run } of stepsOf(name)) expect(run ?? '').not.toContain('${{');
  });
});

describe('deploying', () => {
  const { on, jobs } = workflow('deploy.yml');

  test('happens when something is merged, and a pull request shows what it would change', () => {
    expect(on).toEqual({ pull_request: null, push: { branches: ['main'] } });
    expect(jobs.diff?.if).toContain("github.event_name == 'pull_request'");
    expect(jobs.stage?.if).toBe("github.event_name == 'push'");
    expect(JSON.stringify(jobs.diff?.steps)).toContain('cdk diff -c environment=prod');
  });

  test('of production waits for stage', () => {
    expect(jobs.prod?.needs).toBe('stage');
  });

  test('is of environments that there are', () => {
    const deployed = [jobs.stage, jobs.prod].map((job) => job?.with?.environment);
    expect(Object.keys(environments)).toEqual(expect.arrayContaining(deployed));
  });
});
