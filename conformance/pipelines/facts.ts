import type { Dataset, PipelineEdge, PipelineJob, ReadFile } from '#core/pipelines';

/** Reads as `what was expected, and is not so`. */
export type Mismatch = string;

export const jobsOf = (read: ReadFile): PipelineJob[] => read.pipelines.flatMap(({ jobs }) => [...jobs]);

/** An expected name is the end of a whole one: `acct.id` of `core.acct.id`. With a namespace it is `namespace|name`. */
export function named(dataset: Dataset, expected: string): boolean {
  const [namespace, name] = expected.includes('|') ? expected.split('|') : [undefined, expected];
  if (namespace !== undefined && namespace.replace(/:\d+$/, '') !== dataset.namespace.replace(/:\d+$/, ''))
    return false;
  return endsWith(dataset.name, name ?? '');
}

export const endsWith = (whole: string, end: string): boolean => whole === end || whole.endsWith(`.${end}`);

/** `core.customer.cust_no`. */
export const columnName = ({ dataset, column }: { readonly dataset: Dataset; readonly column?: string }): string =>
  column === undefined ? dataset.name : `${dataset.name}.${column}`;

export const shown = ({ from, to, type, subtype, masking }: PipelineEdge): string =>
  `${columnName(from)} -> ${columnName(to)} [${type}/${subtype}]${masking === undefined ? '' : ` masking=${masking}`}`;

/** Each expected thing must be found once, and nothing else may be there. */
export function compare<T>(
  what: string,
  actual: readonly T[],
  expected: readonly string[],
  is: (one: T, text: string) => boolean,
  show: (one: T) => string,
): Mismatch[] {
  const left = new Set(actual);
  const missing = expected.filter((text) => {
    const found = [...left].find((one) => is(one, text));
    if (found !== undefined) left.delete(found);
    return found === undefined;
  });
  return [
    ...missing.map((text) => `${what}: missing ${text}`),
    ...[...left].map((one) => `${what}: not expected ${show(one)}`),
  ];
}

/** Names of fields whose values must be nowhere in what was read. */
const SECRET = /["']?(?:password|passwd|secret\w*|access_?key)["']?\s*[:=]\s*\\?["']?([^\s"'\\,}]{2,})/gi;

/** Secrets of a text that are in what was read. A secret that is a word of its own elsewhere in the text cannot be told apart. */
export function secretsKept(text: string, read: ReadFile): Mismatch[] {
  const kept = JSON.stringify(read);
  const secrets = new Set([...text.matchAll(SECRET)].map(([, secret = '']) => secret));
  return [...secrets]
    .filter((secret) => !/^[*x]+$/i.test(secret) && text.split(secret).length - 1 === secretPlaces(text, secret))
    .filter((secret) => kept.includes(secret))
    .map((secret) => `a secret is kept: ${secret.slice(0, 2)}…`);
}

const secretPlaces = (text: string, secret: string): number =>
  [...text.matchAll(SECRET)].filter(([, found]) => found === secret).length;
