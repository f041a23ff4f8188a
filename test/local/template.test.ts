import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalTemplate, TemplateNotUnderstood } from '../../local/template';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-template-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, content: object): void =>
  writeFileSync(join(directory, name), JSON.stringify(content));

/** A synthesized stack with these resources, and one asset. */
function template(resources: Readonly<Record<string, object>>): LocalTemplate {
  const destinations = { here: { objectKey: 'abc.zip' } };
  write('Stack.template.json', { Resources: resources });
  write('Stack.assets.json', { files: { abc: { source: { path: 'asset.abc' }, destinations } } });
  return new LocalTemplate(directory, 'Stack');
}

const aBucket = { Type: 'AWS::S3::Bucket' };
const aFunction = { Type: 'AWS::Lambda::Function' };
const monitorArn = 'arn:aws:lambda:us-east-1:000000000000:function:Monitor';

/** What a value in a resource's properties becomes, next to the bucket `Letters` and the function `Monitor`. */
const resolved = (value: unknown): unknown =>
  template({
    Letters: aBucket,
    Monitor: aFunction,
    Subject: { Type: 'Test::Subject', Properties: { value } },
  }).only('Test::Subject').properties.value;

describe('given a property with a reference', () => {
  test.each([
    ['a Ref is the logical id', { Ref: 'Monitor' }, 'Monitor'],
    ['a Ref to a bucket is in lower case, as names of buckets are', { Ref: 'Letters' }, 'letters'],
    ['the region is one', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['an ARN is of an account that nobody has', { 'Fn::GetAtt': ['Monitor', 'Arn'] }, monitorArn],
    ['the ARN of a bucket leads to its name', { 'Fn::GetAtt': ['Letters', 'Arn'] }, 'arn:aws:s3:::letters'],
    ['another attribute is a host name', { 'Fn::GetAtt': ['Monitor', 'Url'] }, 'Url.Monitor.local'],
    ['a Join puts texts together', { 'Fn::Join': ['/', ['a', { Ref: 'Monitor' }, 1]] }, 'a/Monitor/1'],
    ['a Split takes them apart', { 'Fn::Split': ['/', 'a/b'] }, ['a', 'b']],
    ['a Select takes one of them', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
    ['a Select takes a position that is a text', { 'Fn::Select': ['0', ['a', 'b']] }, 'a'],
    [
      'a Sub fills in references',
      { 'Fn::Sub': ['to-', '{Letters}-in-', '{AWS::Region}'].join('$') },
      'to-letters-in-us-east-1',
    ],
  ])('when it is resolved, then %s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('when it is deep within lists and objects, then it is resolved there, and the rest is as it was', () => {
    const value = { list: [{ Ref: 'Monitor' }, 1, true, null], other: { Ref: 'Letters', and: 'more' } };

    expect(resolved(value)).toEqual({ ...value, list: ['Monitor', 1, true, null] });
  });

  test('when it is a function that is not known, then it stays as it is', () => {
    expect(resolved({ 'Fn::Cidr': ['10.0.0.0/16', 1] })).toEqual({ 'Fn::Cidr': ['10.0.0.0/16', 1] });
  });
});

describe('given a template with a bucket and two functions', () => {
  const someTemplate = () => template({ Letters: aBucket, Monitor: aFunction, MonitorUrl: aFunction });

  test('when all of a type are asked for, then they come in the order of the template', () => {
    const ids = someTemplate()
      .all('AWS::Lambda::Function')
      .map(({ logicalId }) => logicalId);

    expect(ids).toEqual(['Monitor', 'MonitorUrl']);
  });

  test('when a resource has no properties, then they are empty', () => {
    expect(someTemplate().only('AWS::S3::Bucket')).toEqual({
      logicalId: 'Letters',
      type: 'AWS::S3::Bucket',
      properties: {},
    });
  });

  test.each([
    ['AWS::Kinesis::Stream', 0],
    ['AWS::Lambda::Function', 2],
  ])('when the only %s is asked for, then it is said that there are %i', (type, actual) => {
    expect(() => someTemplate().only(type)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(type), details: { actual, expected: 1 } }),
    );
    expect(() => someTemplate().only(type)).toThrow(TemplateNotUnderstood);
  });

  test.each([
    ['an ARN', monitorArn, 'Monitor'],
    ['a target', 'integrations/MonitorUrl', 'MonitorUrl'],
    [
      'a URL that goes on',
      `arn:aws:apigateway:us-east-1:lambda:path/functions/${monitorArn}/invocations`,
      'Monitor',
    ],
  ])('when it is asked where %s leads to, then that is the function of exactly this id', (_, text, id) => {
    expect(someTemplate().ledTo('AWS::Lambda::Function', text).logicalId).toBe(id);
  });

  test('when the name of a bucket is given, then it leads to the bucket despite its lower case', () => {
    expect(someTemplate().ledTo('AWS::S3::Bucket', 'arn:aws:s3:::letters').logicalId).toBe('Letters');
  });

  test('when a text leads nowhere, then it is said which type and which text', () => {
    expect(() => someTemplate().ledTo('AWS::Lambda::Function', 'arn:aws:lambda:other')).toThrow(
      'No AWS::Lambda::Function is meant by arn:aws:lambda:other',
    );
  });

  test('when an asset is asked for by its key, then its directory is that of the assembly', () => {
    expect(someTemplate().asset('abc.zip')).toBe(join(directory, 'asset.abc'));
  });

  test('when there is no such asset, then its key is said', () => {
    expect(() => someTemplate().asset('def.zip')).toThrow('There is no asset def.zip');
  });
});
