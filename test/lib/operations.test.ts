import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alarmIds } from '../../lib/alarm-conditions';
import { synthesized } from './synthesized';

const statusDestination = { url: 'https://core.example.com/rollcall', keySecret: 'core/rollcall-key' };
const stack = synthesized({ statusDestination });

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly string[];
  readonly OKActions: readonly string[];
  readonly Metrics?: readonly MetricData[];
}
interface MetricData {
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Record<string, unknown>; readonly Stat: string };
}
const alarms = stack
  .all('AWS::CloudWatch::Alarm')
  .map((alarm) => alarm.properties as unknown as AlarmProperties);
const dataOf = (id: string): readonly MetricData[] =>
  alarms.find((alarm) => anchorOf(alarm) === id)?.Metrics ?? [];
/** Namespaces and names of the metrics that an alarm looks at. */
const metricsOf = (id: string): readonly string[] =>
  dataOf(id)
    .flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []))
    .map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`)
    .sort();
const anchorOf = ({ AlarmDescription }: AlarmProperties): string => AlarmDescription.split('#').at(-1) ?? '';

/** The part of the runbook on alarms, by its headings. */
function runbook(): ReadonlyMap<string, string> {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', 'RUNBOOK.md'), 'utf8');
  const [, part = ''] = /\n## Alarms\n([\s\S]*?)(?:\n## |$)/.exec(text) ?? [];
  return new Map(
    part
      .split(/\n### /)
      .slice(1)
      .map((section) => {
        const [heading = '', ...body] = section.split('\n');
        return [heading.trim(), body.join('\n')];
      }),
  );
}

describe('alarms and docs/RUNBOOK.md', () => {
  test('each alarm leads to a heading, and each heading is of an alarm', () => {
    expect(alarms.map(anchorOf).sort()).toEqual([...alarmIds].sort());
    expect([...runbook().keys()].sort()).toEqual([...alarmIds].sort());
  });

  test.each([...alarmIds])('%s: what it means, how to look, what to do', (id) => {
    const section = runbook().get(id) ?? '';
    for (const part of ['**Means:**', '**Look:**', '**Do:**']) expect(section).toContain(part);
  });

  test('a runbook elsewhere is where they lead', () => {
    const runbookUrl = 'https://wiki.example.com/rollcall';
    const descriptions = synthesized({ runbookUrl })
      .all('AWS::CloudWatch::Alarm')
      .map(({ properties }) => String(properties.AlarmDescription));
    for (const description of descriptions) expect(description).toContain(`What to do: ${runbookUrl}#`);
  });
});

describe('each alarm', () => {
  test.each(alarms.map((alarm) => [anchorOf(alarm), alarm] as const))('%s', (id, alarm) => {
    expect(alarm.AlarmName).toMatch(new RegExp(`^Rollcall-Operations-[0-9A-F]{8}-${id}$`));
    expect(alarm.AlarmActions).toEqual(['<Operations/Topic>']);
    expect(alarm.OKActions).toEqual(['<Operations/Topic>']);
    // Ten metrics at most, and the expression beside them (CloudWatch quotas).
    expect((alarm.Metrics ?? []).length).toBeLessThanOrEqual(10);
  });

  test('but the one of silence is quiet without data', () => {
    const missing = new Map(
      stack
        .all('AWS::CloudWatch::Alarm')
        .map(({ properties }) => [
          anchorOf(properties as unknown as AlarmProperties),
          properties.TreatMissingData,
        ]),
    );
    expect(missing.get('tick-missing')).toBe('breaching');
    missing.delete('tick-missing');
    expect(new Set(missing.values())).toEqual(new Set(['notBreaching']));
  });

  test('transitions out of the ordinary are judged by what is usual', () => {
    const alarm = alarms.find((each) => anchorOf(each) === 'transitions-unusual');
    expect(JSON.stringify(alarm)).toContain('ANOMALY_DETECTION_BAND');
  });
});

describe('the live feed', () => {
  const opened = ['AWS/ApiGateway ConnectCount', 'AWS/ApiGateway MessageCount'];

  test('given handshakes that live-feed refuses, then they are refused, not failed', () => {
    expect(metricsOf('feed-refused')).toEqual([
      'AWS/ApiGateway ClientError',
      ...opened,
      'Rollcall/<LiveFeed/Function> RefusedSockets',
    ]);
  });

  test('given that live-feed throws or cannot be called, then that failed', () => {
    expect(metricsOf('feed-failing')).toEqual(
      [...opened, 'AWS/ApiGateway ExecutionError', 'AWS/Lambda Errors'].sort(),
    );
    expect(
      dataOf('feed-failing').flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? []),
    ).toContainEqual({
      Name: 'FunctionName',
      Value: '<LiveFeed/Function>',
    });
  });

  test.each(['feed-refused', 'feed-failing'])('%s: a number that was never counted is 0', (id) => {
    const expressions = dataOf(id).flatMap(({ Expression }) => Expression ?? []);
    for (const name of ['clientError', 'refusedSockets', 'executionError', 'errors']) {
      for (const expression of expressions)
        expect(expression).not.toMatch(new RegExp(`(?<!FILL\\()\\b${name}\\b`));
    }
  });
});

describe('a tick that is missing', () => {
  const [expression] = dataOf('tick-missing').flatMap(({ Expression }) => Expression ?? []);

  test('is a minute without one; a minute that is not counted yet is no zero', () => {
    expect(expression).toBe('IF(ticks > 0, 0, 1)');
    expect(dataOf('tick-missing').map(({ MetricStat }) => MetricStat?.Stat)).toContain('SampleCount');
  });
});

test('no expression lists a number among series, which CloudWatch does not take', () => {
  const expressions = alarms.flatMap(({ Metrics = [] }) =>
    Metrics.flatMap(({ Expression }) => Expression ?? []),
  );
  expect(expressions.length).toBeGreaterThan(10);
  for (const expression of expressions) expect(expression).not.toMatch(/\[[^\]]*(?<![\w])\d/);
});

describe('the topic', () => {
  test('lets CloudWatch of this account publish, and nobody without TLS', () => {
    const { PolicyDocument } = stack.only('AWS::SNS::TopicPolicy').properties as {
      PolicyDocument: { Statement: readonly Record<string, unknown>[] };
    };
    expect(PolicyDocument.Statement).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
        }),
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    );
  });

  test('is told, so that somebody can subscribe', () => {
    expect(stack.outputs().AlarmTopicArn).toBe('<Operations/Topic>');
  });
});

test('the dashboard shows every alarm, every stage’s errors and all tables', () => {
  const body = JSON.stringify(stack.only('AWS::CloudWatch::Dashboard').properties);
  for (const id of alarmIds) expect(body).toContain(`Operations/${id}`);
  for (const name of [
    'AsOfAge',
    'IteratorAge',
    'Transitions',
    'CanaryLatency',
    'RefusedSockets',
    'ConsumedWriteCapacityUnits',
  ])
    expect(body).toContain(name);
});

test('whoever wants neither alarms nor a dashboard has none', () => {
  const without = synthesized({ alarms: false });
  expect(without.all('AWS::CloudWatch::Alarm')).toEqual([]);
  expect(without.all('AWS::CloudWatch::Dashboard')).toEqual([]);
  expect(without.outputs()).not.toHaveProperty('AlarmTopicArn');
});
