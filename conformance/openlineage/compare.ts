import { type Heard, type HeardColumnEdge } from '#open-lineage';

/** The part of an expected state that is compared. */
export interface ExpectedState {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly inputs?: readonly string[]; readonly outputs?: readonly string[]; readonly runs?: number }
    >
  >;
  readonly runs: Readonly<
    Record<
      string,
      { readonly job?: string; readonly states?: readonly (string | null)[]; readonly final?: string | null }
    >
  >;
  readonly datasets: Readonly<Record<string, { readonly fields?: number; readonly lifecycle?: readonly string[] }>>;
  readonly edges: readonly string[];
  readonly columnEdges: readonly string[];
}

export interface Comparison {
  /** How many things were looked at. */
  readonly compared: number;
  /** One sentence each. */
  readonly mismatches: readonly string[];
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}
const id = ({ namespace, name }: Named): string => `${namespace}|${name}`;

/** Compares what a catalog holds with what it should hold after some events. */
export function compare(heard: Heard, expected: ExpectedState): Comparison {
  const mismatches: string[] = [];
  let compared = 0;
  const sets = (
    what: string,
    wanted: Iterable<string>,
    got: Iterable<string>,
    tolerated: ReadonlySet<string> = new Set(),
  ) => {
    const [want, have] = [new Set(wanted), new Set(got)];
    compared += want.size;
    for (const one of want) if (!have.has(one) && !tolerated.has(one)) mismatches.push(`${what} is missing: ${one}`);
    for (const one of have) if (!want.has(one)) mismatches.push(`${what} was not expected: ${one}`);
  };
  const same = (what: string, wanted: unknown, got: unknown) => {
    compared += 1;
    if (wanted !== got) mismatches.push(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
  };

  sets('job', Object.keys(expected.jobs), heard.jobs.map(id));
  for (const job of heard.jobs) {
    const wanted = expected.jobs[id(job)];
    if (!wanted) continue;
    sets(`input of job ${id(job)}`, wanted.inputs ?? [], job.inputs.map(id));
    sets(`output of job ${id(job)}`, wanted.outputs ?? [], job.outputs.map(id));
    if (wanted.runs !== undefined) same(`runs of job ${id(job)}`, wanted.runs, job.runs);
  }

  sets(
    'run',
    Object.keys(expected.runs),
    heard.runs.map(({ runId }) => runId),
  );
  for (const run of heard.runs) {
    const wanted = expected.runs[run.runId];
    if (!wanted) continue;
    if (wanted.job !== undefined) same(`job of run ${run.runId}`, wanted.job, id(run.job));
    if (wanted.final !== undefined) same(`end of run ${run.runId}`, wanted.final ?? null, run.final);
    if (wanted.states)
      sets(
        `state of run ${run.runId}`,
        wanted.states.filter((state) => typeof state === 'string'),
        run.types,
      );
  }

  sets('dataset', Object.keys(expected.datasets), heard.datasets.map(id));
  for (const dataset of heard.datasets) {
    const wanted = expected.datasets[id(dataset)];
    if (!wanted) continue;
    const { fieldCounts: counts } = dataset;
    if (wanted.fields !== undefined && !(counts.length === 0 && wanted.fields === 0)) {
      compared += 1;
      // Events of one dataset may bring several schemas; which is the last is no matter of this comparison.
      if (!counts.includes(wanted.fields))
        mismatches.push(
          `columns of dataset ${id(dataset)}: expected ${wanted.fields}, got ${counts.join(' or ') || 'none'}`,
        );
    }
    if (wanted.lifecycle)
      sets(
        `change of dataset ${id(dataset)}`,
        wanted.lifecycle,
        dataset.lifecycle.filter((change) => change !== 'RENAMED'),
      );
  }

  sets(
    'edge',
    expected.edges,
    heard.jobs.flatMap((job) => [
      ...job.inputs.map((input) => `${id(input)} -> job ${id(job)}`),
      ...job.outputs.map((output) => `job ${id(job)} -> ${id(output)}`),
    ]),
  );

  const columns = heard.columnEdges.filter(({ to }) => to.field !== undefined);
  const wholeDatasets = heard.columnEdges.filter(({ to }) => to.field === undefined);
  sets('column edge', expected.columnEdges.map(normal), lines(columns), new Set(lines(wholeDatasets)));
  return { compared, mismatches };
}

/** `a|b.c -> d|e.f [DIRECT/IDENTITY,INDIRECT/JOIN]`, one line for each pair of columns. */
function lines(edges: readonly HeardColumnEdge[]): string[] {
  const end = ({ field, ...named }: Named & { field?: string }) =>
    field === undefined ? id(named) : `${id(named)}.${field}`;
  const pairs = Map.groupBy(edges, ({ from, to }) => `${end(from)} -> ${end(to)}`);
  return [...pairs].map(([pair, all]) =>
    normal(`${pair} [${all.map(({ type, subtype }) => `${type}/${subtype}`).join(',')}]`),
  );
}

/** What older facets called IDENTITY and MASKED are a DIRECT edge's subtypes now. */
const LEGACY: Readonly<Record<string, string>> = { MASKED: 'TRANSFORMATION' };

function normal(line: string): string {
  const match = /^(.*) \[(.*)\]$/s.exec(line);
  if (!match) return `${line} []`;
  const [, pair = '', kinds = ''] = match;
  const written = kinds.split(',').map((kind) => {
    const legacy = /^legacy:(.*)$/.exec(kind.trim())?.[1];
    const [type = '', subtype = ''] =
      legacy === undefined ? kind.trim().split('/') : ['DIRECT', LEGACY[legacy] ?? legacy];
    return [type, subtype].map((part) => (/^(?:none|null|undefined)$/i.test(part) ? '' : part)).join('/');
  });
  const said = [...new Set(written)].filter((kind) => kind !== '/' && kind !== '').sort();
  return `${pair} [${said.join(',')}]`;
}
