import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CATEGORIES, contextOf, type Evidence, matchValues, propose } from '#core/sensitive-data';
import { messageOf } from '#kernel';
import { projectRoot } from '#platform/config';

import { line, ms, quantile, timed } from './figures.js';
import { withPython } from './python.js';
import { labelsOf } from './sensitive-labels.js';
import { demoSource, filesSource, mariaDbSource, type SampledDataset, type SourceName } from './sensitive-sources.js';

/** Where the data sets of others lie: beside the checkout, or where `PLUMBLINE_BENCH_DATASETS` says. */
const DATASETS = process.env['PLUMBLINE_BENCH_DATASETS'] ?? join(projectRoot, '..', 'shared', 'datasets');
/** With it, each column that was judged otherwise than its label is printed. */
const EACH = process.env['PLUMBLINE_BENCH_EACH'] !== undefined;

const MODES = { 'names only': true, 'values only': true, both: true } as const;
type Mode = keyof typeof MODES;
const modes = Object.keys(MODES) as Mode[];

/** One column with its label and what was proposed for it. */
interface Judged {
  readonly source: SourceName;
  readonly column: string;
  readonly label: readonly string[];
  readonly proposed: string | undefined;
  readonly score: number;
}

/** How well sensitive columns are found: precision and recall against labels, time for a column; beside it Presidio. */
export async function sensitive(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  try {
    const sources = await sampledSources(folder);
    for (const mode of modes) {
      const judged = sources.flatMap(([name, datasets]) => judge(name, datasets, mode));
      report(mode, judged, mode === 'both');
      if (EACH) for (const each of judged) tell(mode, each);
    }
    await times(sources.flatMap(([, datasets]) => datasets));
    presidio(sources);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Sources = readonly (readonly [SourceName, readonly SampledDataset[]])[];

async function sampledSources(folder: string): Promise<Sources> {
  const sources: [SourceName, SampledDataset[]][] = [['demo', await demoSource(folder)]];
  const files = join(DATASETS, 'bank-loans');
  if (existsSync(files)) sources.push(['bank-loans', await filesSource(files)]);
  else line('bank-loans', 'not measured', `there is no ${files}`);
  const dump = join(DATASETS, 'core-banking-mariadb', 'load_sample_data.sql');
  if (!existsSync(dump)) line('core-banking-mariadb', 'not measured', `there is no ${dump}`);
  else
    try {
      sources.push(['core-banking-mariadb', await withMariaDb((url) => mariaDbSource(dump, url))]);
    } catch (error) {
      line('core-banking-mariadb', 'not measured', messageOf(error).split('\n')[0]);
    }
  return sources;
}

async function withMariaDb<T>(work: (url: string) => Promise<T>): Promise<T> {
  const path = join(projectRoot, 'test', 'support', 'mariadb-server.mjs');
  const { startMariaDb } = (await import(path)) as {
    startMariaDb(): Promise<{ url: string; stop(): Promise<void> }>;
  };
  const server = await startMariaDb();
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

function judge(source: SourceName, datasets: readonly SampledDataset[], mode: Mode): Judged[] {
  const labels = labelsOf(source);
  const known = new Set(datasets.flatMap(({ label, dataset }) => dataset.fields.map(({ name }) => keyOf(label, name))));
  for (const key of labels.keys())
    if (!known.has(key)) throw new Error(`The labels name ${key}, which ${source} has not.`);
  return datasets.flatMap(({ label, dataset, columns }) => {
    const context = contextOf(mode === 'values only' ? { name: '', fields: [] } : dataset);
    return dataset.fields.flatMap((field): Judged[] => {
      const key = keyOf(label, field.name);
      if (labels.has(key) && labels.get(key) === undefined) return [];
      const facts = mode === 'values only' ? { ...field, name: '', comment: null } : field;
      const evidence: Evidence | undefined = mode === 'names only' ? undefined : columns.get(field.name)?.evidence;
      const [best] = propose(facts, context, evidence);
      return [{ source, column: key, label: labels.get(key) ?? [], proposed: best?.category, score: best?.score ?? 0 }];
    });
  });
}

const keyOf = (table: string, column: string) => `${table}#${column.replaceAll(' ', '_')}`;

function report(mode: Mode, judged: readonly Judged[], byCategory: boolean): void {
  for (const source of new Set(judged.map((each) => each.source))) {
    const of = judged.filter((each) => each.source === source);
    line(
      `${mode}: ${source} (${of.length} columns, ${of.filter(({ label }) => label.length > 0).length} labelled)`,
      figure(of),
    );
  }
  line(`${mode}: all`, figure(judged), 'target: both ≥ 0.95');
  if (!byCategory) return;
  for (const category of CATEGORIES) {
    const of = judged.filter(({ label, proposed }) => label.includes(category) || proposed === category);
    if (of.length > 0) line(`  ${category}`, figure(of, category));
  }
}

/** Precision and recall of a list of columns, of one category or of all. */
function figure(judged: readonly Judged[], category?: string): string {
  const wanted = judged.filter(({ label }) => (category === undefined ? label.length > 0 : label.includes(category)));
  const proposed = judged.filter(
    (each) => each.proposed !== undefined && (category === undefined || each.proposed === category),
  );
  const right = proposed.filter((each) => each.label.includes(each.proposed!));
  const ratio = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3));
  const found = wanted.filter((each) => each.proposed !== undefined && each.label.includes(each.proposed));
  return `precision ${ratio(right.length, proposed.length)} (${right.length}/${proposed.length}), recall ${ratio(found.length, wanted.length)} (${found.length}/${wanted.length})`;
}

function tell(mode: Mode, { source, column, label, proposed, score }: Judged): void {
  if (proposed === undefined ? label.length === 0 : label.includes(proposed)) return;
  console.log(
    `    ${mode} | ${source} | ${column} | label ${label.join('|') || '–'} | proposed ${proposed ?? '–'} ${score}`,
  );
}

async function times(datasets: readonly SampledDataset[]): Promise<void> {
  const columns = datasets.flatMap(({ columns: all }) => [...all.values()]);
  const values = columns.reduce((sum, column) => sum + column.values.length, 0);
  const counting = await timed(5, async () => columns.forEach((column) => matchValues(column.values)));
  line(
    `counting ${columns.length} columns of ${Math.round(values / columns.length)} values on average`,
    `${ms(quantile(counting, 0.5) / columns.length)} a column`,
  );
  const deciding = await timed(5, async () =>
    datasets.forEach(({ dataset, columns: all }) => {
      const context = contextOf(dataset);
      dataset.fields.forEach((field) => propose(field, context, all.get(field.name)?.evidence));
    }),
  );
  line('deciding', `${ms(quantile(deciding, 0.5) / columns.length)} a column`);
}

/** Python's Presidio on the same values, without a language model: its recognizers by pattern, context and check digit. */
function presidio(sources: Sources): void {
  withPython(['presidio-analyzer'], ({ folder, run }) => {
    const columns = sources.flatMap(([source, datasets]) => {
      const labels = labelsOf(source);
      return datasets.flatMap(({ label, columns: all }) =>
        [...all].flatMap(([name, { values }]) => {
          const key = keyOf(label, name);
          return labels.has(key) && labels.get(key) === undefined
            ? []
            : [{ source, column: key, label: labels.get(key) ?? [], values: values.slice(0, 100) }];
        }),
      );
    });
    writeFileSync(join(folder, 'columns.json'), JSON.stringify(columns), { mode: 0o600 });
    const output = run('sensitive.py', join(folder, 'columns.json'));
    const { version, seconds, judged } = JSON.parse(output) as { version: string; seconds: number; judged: Judged[] };
    const what = `Presidio ${version}, patterns, names and values`;
    line(what, figure(judged), `${ms((seconds * 1000) / judged.length)} a column of at most 100 values`);
    const can = new Set(['bank_card', 'account_no', 'email', 'ip_address', 'mac_address', 'mobile']);
    const of = judged.filter(
      ({ label, proposed }) => label.some((each) => can.has(each)) || (proposed !== undefined && can.has(proposed)),
    );
    line('  the categories it has', figure(of));
    if (EACH) for (const each of judged) tell('values only', each);
  });
}
