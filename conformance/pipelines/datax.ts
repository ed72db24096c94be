import { type Dataset, type KnownDataset, readDatax, type ReadFile } from '#core/pipelines';

import { columnName, compare, endsWith, jobsOf, type Mismatch, named, secretsKept, shown } from './facts.js';

/** A DataX job and what must come of it, in the words of the corpus. */
export interface DataxCase {
  readonly name: string;
  readonly json?: unknown;
  readonly raw?: string;
  readonly expected: {
    readonly table?: readonly string[];
    readonly columns?: readonly string[] | string;
    readonly sources?: readonly string[];
    readonly noSource?: readonly string[];
    readonly indirect?: readonly string[];
    readonly notPresent?: readonly string[];
    readonly secretsStored?: number;
  };
}

/** Keys of `expected` that are understood: another one would be passed over in silence. */
const KEYS = new Set(['table', 'columns', 'sources', 'noSource', 'indirect', 'notPresent', 'secretsStored']);

export async function checkDatax({ name, json, raw, expected }: DataxCase): Promise<Mismatch[]> {
  const text = raw ?? JSON.stringify(json);
  const read = await readDatax(text, name);
  const unknown = Object.keys(expected).filter((key) => !KEYS.has(key));
  return [
    ...unknown.map((key) => `the expectation "${key}" is not understood`),
    ...(expected.table ? tables(read, expected.table) : []),
    ...(typeof expected.columns === 'string' ? await stars(text, name, read) : columns(read, expected.columns ?? [])),
    ...(expected.sources ? sources(read, expected.sources) : []),
    ...(expected.noSource ? generated(read, expected.noSource) : []),
    ...(expected.indirect ? indirect(read, expected.indirect) : []),
    ...(expected.notPresent ?? [])
      .filter((each) =>
        jobsOf(read).some((job) => [...job.sources, ...job.targets].some((dataset) => named(dataset, each))),
      )
      .map((each) => `${each} is there`),
    ...(expected.secretsStored === 0 ? secretsKept(text, read) : []),
    ...notUnderstood(read),
  ];
}

/** `a -> b (partition dt), symlink hive ods.loan`. */
function tables(read: ReadFile, expected: readonly string[]): Mismatch[] {
  const edges = jobsOf(read).flatMap(({ datasetEdges }) => [...datasetEdges]);
  return compare(
    'table',
    edges,
    expected,
    ({ from, to }, text) => {
      const [source = '', rest = ''] = text.split(' -> ');
      const [, target = '', more = ''] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
      return named(from, source) && named(to, target) && alsoKnown(to, more);
    },
    ({ from, to }) => `${from.namespace}|${from.name} -> ${to.namespace}|${to.name}`,
  );
}

function alsoKnown({ partitions = [], symlinks = [] }: Dataset, more: string): boolean {
  const partition = /partition (\w+)/.exec(more)?.[1];
  const [, system, link] = /symlink (\w+) (\S+)/.exec(more) ?? [];
  return (
    (partition === undefined || partitions.includes(partition)) &&
    (link === undefined || symlinks.some(({ namespace, name }) => namespace.startsWith(`${system}:`) && name === link))
  );
}

/** `a.x -> b.y [DIRECT/IDENTITY]`, or `y DIRECT/TRANSFORMATION masking=true` of a target column. */
function columns(read: ReadFile, expected: readonly string[]): Mismatch[] {
  const edges = jobsOf(read).flatMap(({ columnEdges }) => columnEdges.filter(({ type }) => type === 'DIRECT'));
  return compare(
    'column',
    edges,
    expected,
    (edge, text) => {
      const how = /\b(DIRECT|INDIRECT)\/([A-Z_]+)/.exec(text);
      const masking = /masking=(\w+)/.exec(text)?.[1];
      const names = text.replace(/\s*\[.*$|\s+DIRECT\/.*$/, '').split(' -> ');
      const [source, target] = names.length === 2 ? names : [undefined, names[0]];
      return (
        endsWith(columnName(edge.to), target ?? '') &&
        (source === undefined || endsWith(columnName(edge.from), source)) &&
        (!how || (edge.type === how[1] && edge.subtype === how[2])) &&
        (masking === undefined || String(edge.masking) === masking)
      );
    },
    shown,
  );
}

const indirect = (read: ReadFile, expected: readonly string[]): Mismatch[] =>
  compare(
    'indirect',
    jobsOf(read).flatMap(({ columnEdges }) => columnEdges.filter(({ type }) => type === 'INDIRECT')),
    expected,
    (edge, text) => {
      const [name = '', subtype] = text.split(' ');
      return endsWith(columnName(edge.from), name) && edge.subtype === subtype;
    },
    shown,
  );

const sources = (read: ReadFile, expected: readonly string[]): Mismatch[] =>
  compare(
    'source',
    jobsOf(read).flatMap((job) => [...job.sources]),
    expected,
    named,
    ({ name }) => name,
  );

const generated = (read: ReadFile, expected: readonly string[]): Mismatch[] =>
  compare(
    'column without a source',
    jobsOf(read).flatMap((job) => job.generated.map(({ to }) => columnName(to))),
    expected,
    (name, text) => endsWith(name, text),
    (name) => name,
  );

/** A star: table level only, unless the catalog has the tables; then by the place of each column. */
async function stars(text: string, name: string, read: ReadFile): Promise<Mismatch[]> {
  const jobs = jobsOf(read);
  const guessed = jobs.flatMap((job) => [...job.columnEdges]);
  const datasets = (list: 'sources' | 'targets') => jobs.flatMap((job) => [...job[list]]);
  const known = [
    ...datasets('sources').map((dataset): KnownDataset => ({ ...dataset, columns: ['s1', 's2'] })),
    ...datasets('targets').map((dataset): KnownDataset => ({ ...dataset, columns: ['t1', 't2'] })),
  ];
  const resolved = jobsOf(await readDatax(text, name, { known })).flatMap((job) => [...job.columnEdges]);
  const expected = datasets('sources').flatMap((source) =>
    datasets('targets').flatMap((target) => [1, 2].map((at) => `${source.name}.s${at} -> ${target.name}.t${at}`)),
  );
  return [
    ...guessed.map((edge) => `column: guessed ${shown(edge)}`),
    ...compare(
      'column of a star',
      resolved,
      expected,
      (edge, each) => `${columnName(edge.from)} -> ${columnName(edge.to)}` === each,
      shown,
    ),
  ];
}

const notUnderstood = (read: ReadFile): Mismatch[] =>
  jobsOf(read)
    .filter(({ status }) => status !== 'ok')
    .map(({ name, status, reasons }) => `${name} is ${status}: ${reasons.map(({ message }) => message).join(' ')}`);
