import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RollcallError } from '../core/errors';
import { account, arnOf, refOf, region } from './arns';

/** A template that the local runtime cannot run; says which part. */
export class TemplateNotUnderstood extends RollcallError {}

/** A resource of the synthesized template, its properties resolved as far as they can be without AWS. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

/** What AWS would fill in for an account; names only, nothing is ever called there. */
const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Rollcall',
  'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/Rollcall/local`,
  'AWS::NoValue': '',
};

/**
 * The synthesized template with its references resolved: a `Ref` is the logical id (of a bucket in lower case, as bucket
 * names are; of a secret its ARN), `Arn` is an ARN with that name in it, any other attribute is
 * `<attribute>.<logical id>.local`, so that whoever reads a text finds what it leads to.
 */
export class LocalTemplate {
  private readonly resources: ReadonlyMap<string, Resource>;
  private readonly assetPaths: ReadonlyMap<string, string>;

  /**
   * @param directory the output of `cdk synth`
   * @param stack name of the stack in it
   * @param replacements of texts that stood for something when the stack was synthesized
   */
  constructor(directory: string, stack: string, replacements: ReadonlyMap<string, string> = new Map()) {
    const template = readJson(join(directory, `${stack}.template.json`), replacements);
    const resources = Object.entries(template.Resources as Record<string, Json>);
    const names = new Names(new Map(resources.map(([id, { Type }]) => [id, String(Type)])));
    this.resources = new Map(
      resources.map(([logicalId, { Type, Properties }]) => [
        logicalId,
        { logicalId, type: String(Type), properties: resolve(Properties ?? {}, names) as Json },
      ]),
    );
    this.assetPaths = assetPathsIn(directory, stack);
  }

  all(type: string): readonly Resource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  /** @throws TemplateNotUnderstood unless there is exactly one. */
  only(type: string): Resource {
    const [found, ...others] = this.all(type);
    if (found === undefined || others.length > 0) {
      throw new TemplateNotUnderstood(`The template must have one ${type}`, {
        actual: this.all(type).length,
        expected: 1,
      });
    }
    return found;
  }

  /** The resource of a type that a resolved text (an ARN, a URL, a target) leads to. */
  ledTo(type: string, text: unknown): Resource {
    const found = this.all(type).find(({ logicalId }) =>
      new RegExp(`\\b${logicalId}\\b`, 'i').test(String(text)),
    );
    if (found === undefined) throw new TemplateNotUnderstood(`No ${type} is meant by ${text}`);
    return found;
  }

  /** Directory of an asset, by the key of its upload. */
  asset(key: unknown): string {
    const path = this.assetPaths.get(String(key));
    if (path === undefined) throw new TemplateNotUnderstood(`There is no asset ${key}`);
    return path;
  }
}

function readJson(path: string, replacements: ReadonlyMap<string, string> = new Map()): Json {
  let text = readFileSync(path, 'utf8');
  for (const [placeholder, meant] of replacements) text = text.replaceAll(placeholder, meant);
  return JSON.parse(text);
}

function assetPathsIn(directory: string, stack: string): ReadonlyMap<string, string> {
  const { files } = readJson(join(directory, `${stack}.assets.json`)) as {
    files: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
  };
  const paths = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => [objectKey, join(directory, source.path)] as const),
  );
  return new Map(paths);
}

/** What stands for an attribute that only a deployment could tell. */
export const attributeOf = (logicalId: string, attribute: string): string =>
  `${attribute}.${logicalId}.local`;

/** What references of the template become. */
class Names {
  constructor(private readonly types: ReadonlyMap<string, string>) {}

  ref(id: string): string {
    return pseudoParameters[id] ?? refOf(this.typeOf(id), this.nameOf(id));
  }

  attribute(id: string, attribute: string): string {
    return attribute === 'Arn' ? arnOf(this.typeOf(id), this.nameOf(id)) : attributeOf(id, attribute);
  }

  private typeOf(id: string): string {
    return this.types.get(id) ?? '';
  }

  private nameOf(id: string): string {
    return this.typeOf(id) === 'AWS::S3::Bucket' ? id.toLowerCase() : id;
  }
}

function resolve(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = [], ...others] = Object.entries(value);
  const resolved = others.length === 0 && name !== undefined ? intrinsic(name, argument, names) : undefined;
  if (resolved !== undefined) return resolved;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, names)]));
}

/** The functions of CloudFormation that CDK uses in this stack. */
function intrinsic(name: string, argument: unknown, names: Names): unknown {
  const items = (): unknown[] => resolve(argument, names) as unknown[];
  switch (name) {
    case 'Ref':
      return names.ref(String(argument));
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = argument as [string, string];
      return names.attribute(logicalId, attribute);
    }
    case 'Fn::Join': {
      const [between, parts] = items() as [string, unknown[]];
      return parts.map(String).join(between);
    }
    case 'Fn::Select': {
      const [index, choices] = items() as [string, unknown[]];
      return choices[Number(index)];
    }
    case 'Fn::Split': {
      const [between, text] = items() as [string, string];
      return text.split(between);
    }
    case 'Fn::Sub':
      return String(argument).replace(/\$\{([^}]+)\}/g, (_, reference: string) => names.ref(reference));
    default:
      return undefined;
  }
}
