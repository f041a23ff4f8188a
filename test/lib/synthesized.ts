import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { Data } from '../../lib/data';
import type { BuildPage } from '../../lib/operators-page';
import { Rollcall } from '../../lib/rollcall';
import type { RollcallProps } from '../../lib/rollcall-props';
import { RollcallStack } from '../../lib/rollcall-stack';
import { settingsFrom } from '../../lib/settings';
import type { Stage } from '../../lib/stage';

type Json = Record<string, unknown>;

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Json;
  readonly deletionPolicy: string | undefined;
}

const root = join(__dirname, '..', '..');
const flags: Json = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;

/**
 * Handlers are not bundled, and templates not validated, which takes most of the time: what is tested here is how the parts are wired.
 * `cdk synth` and `npm run lint:templates` validate what is going to be deployed.
 */
export const anApp = (context: Json = {}): App =>
  new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false });

/** The stack that `cdk synth` makes of the context `rollcall`, with that of cdk.json for the rest. */
export function synthesized(rollcall: unknown = {}): Synthesized {
  const app = anApp(flags);
  const buildPage: BuildPage = () => undefined;
  const stack = new RollcallStack(app, 'Rollcall', { ...settingsFrom(rollcall), buildPage });
  return new Synthesized(app, stack, 'Rollcall');
}

/** The tables, the stream and what goes with them alone: a fraction of the time that the whole stack takes. */
export function synthesizedData(): Synthesized {
  const app = anApp(flags);
  const stack = new Stack(app, 'Rollcall');
  new Data(new Construct(stack, 'Rollcall'), 'Data', settingsFrom({}));
  return new Synthesized(app, stack, 'Rollcall');
}

/** A stack of somebody else's with Rollcall in it, in us-east-1; `propsIn` says what else is there. */
export function synthesizedIn(
  propsIn: (stack: Stack) => RollcallProps,
  use: (rollcall: Rollcall, stack: Stack) => void = () => undefined,
): Synthesized {
  const app = anApp(flags);
  const stack = new Stack(app, 'Theirs', { env: { account: '111122223333', region: 'us-east-1' } });
  const rollcall = new Rollcall(stack, 'Rollcall', { buildPage: () => undefined, ...propsIn(stack) });
  use(rollcall, stack);
  return new Synthesized(app, stack, 'Rollcall');
}

/** Where each stage's construct is, by the name of its directory. */
const constructOf: Record<Stage, string> = {
  'heartbeat-endpoint': 'HeartbeatEndpoint',
  'heartbeat-monitor': 'HeartbeatMonitor',
  'session-monitor': 'SessionMonitor',
  'live-feed': 'LiveFeed',
  'status-api': 'StatusApi',
};

/**
 * A template in words: references are `<Data/Sessions>`, attributes `<Data/Sessions.Arn>`, by the construct's path
 * instead of its logical id, so that an expectation says what leads where.
 */
export class Synthesized {
  private readonly template: Json;
  private readonly pathOf: ReadonlyMap<string, string>;

  constructor(
    private readonly app: App,
    stack: Stack,
    within: string,
  ) {
    this.pathOf = pathsIn(stack, within);
    this.template = Template.fromStack(stack).toJSON();
  }

  /** All resources of a type, in words. */
  all(type: string): readonly Resource[] {
    return Object.entries((this.template.Resources ?? {}) as Record<string, Json>)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({
        id: this.pathOf.get(logicalId) ?? logicalId,
        type,
        properties: this.inWords(resource.Properties ?? {}) as Json,
        deletionPolicy: resource.DeletionPolicy as string | undefined,
      }));
  }

  /** The only resource of a type. */
  only(type: string): Resource {
    const [found, ...others] = this.all(type);
    if (found === undefined || others.length > 0)
      throw new Error(`${others.length} ${type} too many, or none`);
    return found;
  }

  /** The resource of a type with a construct path. */
  the(type: string, id: string): Resource {
    const found = this.all(type).find((resource) => resource.id === id);
    if (found === undefined) {
      const there = this.all(type).map((resource) => resource.id);
      throw new Error(`no ${type} ${id} among ${there.join(', ')}`);
    }
    return found;
  }

  functionOf(stage: Stage): Resource {
    return this.the('AWS::Lambda::Function', `${constructOf[stage]}/Function`);
  }

  environmentOf(stage: Stage): Json {
    return (this.functionOf(stage).properties.Environment as { Variables: Json }).Variables;
  }

  outputs(): Record<string, unknown> {
    const outputs = (this.template.Outputs ?? {}) as Record<string, Json>;
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { Value }]) => [name, this.inWords(Value)]),
    );
  }

  /** A file of the page's deployment as it will be in the bucket, or undefined. */
  deployed(file: string): string | undefined {
    const { directory } = this.app.synth();
    const path = readdirSync(directory)
      .filter((name) => name.startsWith('asset.'))
      .map((name) => join(directory, name, file))
      .find((candidate) => existsSync(candidate));
    return path === undefined ? undefined : this.withMarkersFilled(readFileSync(path, 'utf8'));
  }

  private withMarkersFilled(content: string): string {
    const markers = this.only('Custom::CDKBucketDeployment').properties.SourceMarkers as Json[] | undefined;
    return Object.entries(Object.assign({}, ...(markers ?? []))).reduce(
      (filled, [marker, value]) => filled.replaceAll(marker, String(value)),
      content,
    );
  }

  private inWords(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.inWords(item));
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = [], ...others] = Object.entries(value);
    const said = others.length === 0 && name !== undefined ? this.intrinsic(name, argument) : undefined;
    return said ?? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.inWords(item)]));
  }

  private intrinsic(name: string, argument: unknown): string | undefined {
    switch (name) {
      case 'Ref':
        return `<${this.nameOf(argument)}>`;
      case 'Fn::GetAtt': {
        const [id, attribute] = argument as [string, string];
        return `<${this.nameOf(id)}.${attribute}>`;
      }
      case 'Fn::Join': {
        const [between, parts] = argument as [string, unknown[]];
        return parts.map((part) => asText(this.inWords(part))).join(between);
      }
      default:
        return undefined;
    }
  }

  private nameOf(logicalId: unknown): string {
    return this.pathOf.get(String(logicalId)) ?? String(logicalId);
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Construct paths by logical id, from below the outermost construct on. */
function pathsIn(stack: Stack, within: string): ReadonlyMap<string, string> {
  const prefix = `${stack.node.path}/${within}/`;
  return new Map(
    stack.node
      .findAll()
      .filter((construct) => CfnElement.isCfnElement(construct))
      .map((element) => [
        stack.resolve(element.logicalId) as string,
        element.node.path.replace(prefix, '').replace(/\/(Resource|Default)$/, ''),
      ]),
  );
}
