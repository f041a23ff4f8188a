import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const docs = join(__dirname, '..', 'docs');

type Json = Readonly<Record<string, unknown>>;

/** Events that core systems get, as docs/asyncapi.yaml names them. */
export const eventTypes = ['FacilityStatusChanged', 'RegionStatusChanged'] as const;
export type EventType = (typeof eventTypes)[number];

/** Where the schema of an event is published. */
export const schemaFile = (type: EventType): string => join(docs, 'events', `${type}.schema.json`);

/** The schema of an event by itself, for whoever validates events with it or makes types of it. */
export function schemaJson(type: EventType): string {
  const documents = new Documents();
  const { summary } = documents.valueAt('asyncapi.yaml', `/components/messages/${type}`) as Json;
  const schema = documents.alone('asyncapi.yaml', `/components/schemas/${type}`) as Json;
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  const whole = { $schema, $id: `${type}.schema.json`, title: type, description: summary, ...schema };
  return `${JSON.stringify({ ...whole, $defs: documents.definitions() }, null, 2)}\n`;
}

/** The descriptions of the wire, and what has been taken out of them. */
class Documents {
  private readonly read = new Map<string, Json>();
  private readonly taken = new Map<string, unknown>();

  /** A part of a document without references to others: what it refers to is among the definitions. */
  alone(document: string, pointer: string): unknown {
    return this.rewritten(this.valueAt(document, pointer), document);
  }

  definitions(): Json {
    return Object.fromEntries([...this.taken].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  valueAt(document: string, pointer: string): unknown {
    const content = this.read.get(document) ?? parse(readFileSync(join(docs, document), 'utf8'));
    this.read.set(document, content);
    return pointer
      .slice(1)
      .split('/')
      .reduce<unknown>((value, name) => Reflect.get(value as object, name), content);
  }

  private rewritten(value: unknown, document: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.rewritten(item, document));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).flatMap(([name, field]) => this.field(name, field, document));
    return Object.fromEntries(fields);
  }

  /** Unlike the tests of this project, a consumer must take fields that a later version adds. */
  private field(name: string, value: unknown, document: string): readonly (readonly [string, unknown])[] {
    if (name === 'additionalProperties' && value === false) return [];
    if (name !== '$ref') return [[name, this.rewritten(value, document)]];
    const [file = '', pointer = ''] = String(value).split('#');
    return [['$ref', this.take(file.replace('./', '') || document, pointer)]];
  }

  private take(document: string, pointer: string): string {
    const name = pointer.slice(pointer.lastIndexOf('/') + 1);
    if (!this.taken.has(name)) {
      this.taken.set(name, undefined);
      this.taken.set(name, this.alone(document, pointer));
    }
    return `#/$defs/${name}`;
  }
}

if (require.main === module) {
  mkdirSync(join(docs, 'events'), { recursive: true });
  for (const type of eventTypes) writeFileSync(schemaFile(type), schemaJson(type));
}
