import { faultsBySchema, faultsOf, isObject, type WireAnswer } from '../support/wire';
import type { NetAnswer } from './sender';
import type { Expectation, Shot } from './shot';
import { mark } from './texts';

/** What is wrong with an answer; nothing where it is as it must be. */
export function faultsIn(shot: Shot, answer: NetAnswer): readonly string[] {
  const { status, text } = answer;
  if (status >= 500) return [`${status}: ${text.slice(0, 200)}`];
  const parsed = parsedBody(answer);
  if (parsed === undefined) return [`${status}: the body is no JSON: ${text.slice(0, 200)}`];
  return [
    ...repetitions(answer),
    ...(isOfPlatform(shot, parsed) ? platformFaults(parsed) : faultsOf(shot.route, parsed)),
    ...unmet(shot.expected, parsed),
  ];
}

function parsedBody({ status, headers, text }: NetAnswer): WireAnswer | undefined {
  try {
    return { status, headers, body: text === '' ? undefined : JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** AC4: nothing that was refused is repeated, nor does anything that was sent become a header. */
const repetitions = ({ status, headers, text }: NetAnswer): readonly string[] => [
  ...(status >= 400 && text.includes(mark) ? [`it repeats what was sent: ${text.slice(0, 300)}`] : []),
  ...([...headers].some(([name, value]) => name === 'x-injected' || value.includes(mark))
    ? [`its headers repeat what was sent: ${JSON.stringify([...headers]).slice(0, 300)}`]
    : []),
];

/** What the platform answers itself has its own shape. */
const isOfPlatform = ({ expected }: Shot, { headers }: WireAnswer): boolean =>
  expected.kind === 'unserved' && headers.get('content-type') !== 'application/problem+json';

const platformFaults = ({ body }: WireAnswer): readonly string[] =>
  body === undefined ? [] : faultsBySchema('openapi.yaml', 'PlatformAnswer', body);

function unmet(expected: Expectation, answer: WireAnswer): readonly string[] {
  const { status, body } = answer;
  switch (expected.kind) {
    case 'read':
    case 'any':
      return [];
    case 'unserved':
      return status >= 400 ? [] : [`it was served with ${status}`];
    case 'refused':
      if (!expected.statuses.includes(status)) {
        return [
          `${status} instead of ${expected.statuses.join(' or ')}: ${JSON.stringify(body).slice(0, 300)}`,
        ];
      }
      return status === 202 ? takenFaults(body) : fieldFaults(expected, answer);
  }
}

/** Of a list of beats each is refused by itself, by name. */
function takenFaults(body: unknown): readonly string[] {
  const results = isObject(body) && Array.isArray(body.results) ? body.results : [undefined];
  return results.flatMap((result, index) =>
    isObject(result) && Number(result.status) >= 400 && String(result.field).startsWith(`[${index}]`)
      ? []
      : [`a faulty beat was taken, or its fault is not named: ${JSON.stringify(result)}`],
  );
}

/** AC4: the answer names the field: that of the fault itself, one within it, or what it makes wrong around it. */
function fieldFaults(
  { field }: { readonly field?: string },
  { status, body }: WireAnswer,
): readonly string[] {
  if (status === 401 || status === 405) return [];
  const named = isObject(body) ? body.field : undefined;
  if (typeof named !== 'string') return [`no field is named: ${JSON.stringify(body)}`];
  if (field === undefined) return [];
  // What is wrong about the whole may be named by a part of it.
  if (field === '') return [];
  const related = named === field || within(named, field) || within(field, named);
  return related ? [] : [`the fault is at ${field}, but ${named} is named`];
}

const within = (inner: string, outer: string): boolean =>
  inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
