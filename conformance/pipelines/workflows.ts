import { readDolphinScheduler, readFlinkCdc, readSeaTunnel, type KnownDataset, type ReadFile } from '#core/pipelines';

import { columnName, compare, endsWith, jobsOf, type Mismatch, named, secretsKept, shown } from './facts.js';

/** What must come of an export of DolphinScheduler. */
export interface WorkflowExpected {
  readonly workflow: string;
  readonly tasks: number;
  readonly taskEdges: readonly string[];
  readonly entry: readonly string[];
  readonly crossWorkflow: readonly { readonly from: string; readonly to: string }[];
  readonly dataLineage: readonly string[];
  readonly opaque: readonly string[];
}

export async function checkWorkflow(text: string, name: string, expected: WorkflowExpected): Promise<Mismatch[]> {
  const read = await readDolphinScheduler(text, name);
  const jobs = jobsOf(read);
  const same = (one: string, other: string) => one === other;
  const itself = (one: string) => one;
  const texts = (what: string, actual: readonly string[], wanted: readonly string[]) =>
    compare(what, actual, wanted, same, itself);
  return [
    ...texts(
      'workflow',
      read.pipelines.map((pipeline) => pipeline.name),
      [expected.workflow],
    ),
    ...texts('tasks', [String(jobs.length)], [String(expected.tasks)]),
    ...texts(
      'task edge',
      jobs.flatMap((job) => job.after.map((before) => `${before}->${job.name}`)),
      expected.taskEdges,
    ),
    ...texts(
      'entry',
      jobs.filter(({ after }) => after.length === 0).map((job) => job.name),
      expected.entry,
    ),
    ...texts(
      'other workflow',
      jobs.flatMap((job) => job.waitsFor.map(({ workflow }) => `${workflow} -> ${job.name}`)),
      expected.crossWorkflow.map(({ from, to }) => `${from.replace(/^\D+/, '')} -> ${to}`),
    ),
    ...compare(
      'lineage',
      jobs.flatMap(({ datasetEdges, kind }) => datasetEdges.map((edge) => ({ ...edge, kind }))),
      expected.dataLineage,
      ({ from, to, kind }, each) => {
        const [, source = '', target = '', by = ''] = /^(\S+) -> (\S+)(?: \(from (\w+).*\))?$/.exec(each) ?? [];
        return named(from, source) && named(to, target) && (by === '' || by.toLowerCase() === kind);
      },
      ({ from, to }) => `${from.name} -> ${to.name}`,
    ),
    ...texts(
      'opaque',
      jobs.filter(({ status, reasons }) => status === 'opaque' && reasons.length > 0).map((job) => job.name),
      expected.opaque,
    ),
    ...secretsKept(text, read),
  ];
}

/** What must come of a pipeline of Flink CDC or SeaTunnel. */
export interface StreamExpected {
  readonly job?: string;
  readonly processingType?: string;
  readonly table?: readonly string[];
  readonly columns?: readonly string[];
  readonly secretsStored?: number;
}

type Reader = (text: string, name: string, options?: { readonly known?: readonly KnownDataset[] }) => Promise<ReadFile>;

export async function checkStream(
  tool: 'flinkcdc' | 'seatunnel',
  text: string,
  name: string,
  expected: StreamExpected,
): Promise<Mismatch[]> {
  const reader: Reader = tool === 'flinkcdc' ? readFlinkCdc : readSeaTunnel;
  const read = await reader(text, name);
  const [pipeline] = read.pipelines;
  const jobs = jobsOf(read);
  const patterns = (expected.table ?? []).filter((each) => each.startsWith('regex '));
  return [
    ...(expected.job === undefined || pipeline?.name === expected.job ? [] : [`the job is called ${pipeline?.name}`]),
    ...(expected.processingType === undefined || pipeline?.processing === expected.processingType
      ? []
      : [`the job is ${pipeline?.processing}`]),
    ...(expected.table
      ? compare(
          'table',
          jobs.flatMap((job) => [...job.datasetEdges]),
          expected.table,
          ({ from, to }, each) => {
            const [, system = '', source = '', toSystem = '', target = ''] =
              /^(\S+) (\S+) -> (\S+) (\S+)/.exec(each) ?? [];
            return (
              (system === 'regex' ? from.pattern === true : from.namespace.startsWith(`${system}:`)) &&
              named(from, source) &&
              to.namespace.startsWith(`${toSystem}:`) &&
              named(to, target)
            );
          },
          ({ from, to }) => `${from.namespace}|${from.name} -> ${to.namespace}|${to.name}`,
        )
      : []),
    ...(expected.columns
      ? compare(
          'column',
          jobs.flatMap((job) => [...job.columnEdges]),
          expected.columns,
          (edge, each) => {
            const [, source = '', target, subtype = ''] = /^(\S+?)(?:->(\S+))? ([A-Z_]+)/.exec(each) ?? [];
            return endsWith(columnName(edge.from), source) && edge.to.column === target && edge.subtype === subtype;
          },
          shown,
        )
      : []),
    ...(await expanded(reader, text, name, read, patterns)),
    ...(expected.secretsStored === 0 ? secretsKept(text, read) : []),
  ];
}

/** A pattern stands for the catalogued tables that fit, and for no others. */
async function expanded(
  reader: Reader,
  text: string,
  name: string,
  read: ReadFile,
  patterns: readonly string[],
): Promise<Mismatch[]> {
  const mismatches: Mismatch[] = [];
  for (const each of patterns) {
    const pattern = /^regex (\S+)/.exec(each)?.[1] ?? '';
    const dataset = jobsOf(read).flatMap(({ sources }) => sources.filter((source) => source.name === pattern))[0];
    if (!dataset) continue;
    const fitting = ['1', '27'].map((number) => pattern.replace(/\[0-9\]\+/, number));
    const other = pattern.replace(/\[0-9\]\+/, 'x');
    const known = [...fitting, other].map((table) => ({ namespace: dataset.namespace, name: table, columns: ['id'] }));
    const found = jobsOf(await reader(text, name, { known })).flatMap(({ sources }) =>
      sources.map((source) => source.name),
    );
    mismatches.push(
      ...fitting.filter((table) => !found.includes(table)).map((table) => `${pattern} does not stand for ${table}`),
      ...(found.includes(other) ? [`${pattern} stands for ${other}`] : []),
    );
  }
  return mismatches;
}

/** A job without an expectation: all of it is understood, something moves, and no secret is kept. */
export async function checkSample(read: ReadFile, text: string): Promise<Mismatch[]> {
  const jobs = jobsOf(read);
  return [
    ...jobs
      .filter(({ status }) => status !== 'ok')
      .map(({ status, reasons }) => `it is ${status}: ${reasons.map(({ message }) => message).join(' ')}`),
    ...(jobs.some(({ columnEdges }) => columnEdges.length > 0) ? [] : ['no column moves']),
    ...secretsKept(text, read),
  ];
}
