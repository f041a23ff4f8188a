type Scalar = string | number | boolean;

/** Child elements by name; a list repeats its name once per item. */
export interface XmlChildren {
  readonly [name: string]: Scalar | readonly XmlChildren[];
}

/** An XML document with this element as its root. */
export const xmlElement = (name: string, children: XmlChildren): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, inner(children))}`;

const inner = (children: XmlChildren): string =>
  Object.entries(children)
    .map(([name, value]) =>
      isScalar(value)
        ? element(name, escaped(value))
        : value.map((item) => element(name, inner(item))).join(''),
    )
    .join('');

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const isScalar = (value: Scalar | readonly XmlChildren[]): value is Scalar => typeof value !== 'object';

/** Line ends too, which a parser would otherwise make one kind of. */
const escaped = (value: Scalar): string =>
  String(value).replaceAll(/[&<>"'\r\n]/g, (character) => `&#${character.codePointAt(0)};`);
