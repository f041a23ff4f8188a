import { RollcallError } from '../../core/errors';

/** The source has no such interface, or one that is written in another way than all others. */
export class InterfaceNotFound extends RollcallError {}

/** A field of an interface as its source describes it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** What its comment says, in one line. */
  readonly text: string;
  /** What its tag `@default` says. */
  readonly default?: string;
}

/**
 * Reads an interface out of TypeScript as the formatter of this repository leaves it: each field a line, with a comment before it.
 * @throws InterfaceNotFound
 */
export function fieldsOf(source: string, name: string): readonly Field[] {
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n(.*?)^\\}`, 'ms').exec(source)?.[1];
  if (body === undefined) throw new InterfaceNotFound(`There is no interface ${name}`);
  const fields = [...body.matchAll(/\/\*\*(.*?)\*\/\s*readonly (\w+)(\??): (.*?);\n/gs)].map(asField);
  const declared = body.match(/^ {2}readonly /gm)?.length;
  if (fields.length !== declared) {
    throw new InterfaceNotFound(`Give each field of ${name} a comment`, {
      actual: fields.map((field) => field.name),
      expected: declared,
    });
  }
  return fields;
}

/** A method of a class, as its source describes it. */
export interface Method {
  readonly name: string;
  readonly text: string;
}

/** The public methods of the class in a source, each with a comment before it. */
export const methodsOf = (source: string): readonly Method[] =>
  [
    ...source.matchAll(/^ {2}\/\*\*((?:(?!\*\/).)*)\*\/\n {2}(\w+)\((?:(?!\n {2}\/\*\*).)*?\): \w+ \{/gms),
  ].map(([, comment = '', name = '']) => ({
    name,
    text: inOneLine(comment).split(' @')[0] ?? '',
  }));

/** What a type that is a choice of texts stands for. */
export function choicesIn(source: string): ReadonlyMap<string, string> {
  const aliases = source.matchAll(/^export type (\w+) = ('[^;]*');/gm);
  return new Map([...aliases].map(([, name = '', choices = '']) => [name, choices]));
}

const inOneLine = (comment: string): string =>
  comment
    .replace(/^\s*\* ?/gm, '')
    .trim()
    .replace(/\s+/g, ' ');

function asField([, comment = '', name = '', question = '', type = '']: RegExpMatchArray): Field {
  const [text = '', standard] = inOneLine(comment)
    .split('@default')
    .map((part) => part.trim());
  return {
    name,
    type,
    optional: question === '?',
    text,
    ...(standard !== undefined && { default: standard }),
  };
}
