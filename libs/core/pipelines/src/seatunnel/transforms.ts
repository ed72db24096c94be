import { changed, EMPTY_FLOW, type Flow, type FlowColumn } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import type { Reading } from '../reading.js';
import { originsOf, throughSelect } from '../sql/through-select.js';
import { dotted } from '../text/hocon.js';
import type { Value } from '../text/value.js';
import { said } from './connectors.js';

const named = (flow: Flow, name: string): FlowColumn =>
  flow.columns.find((column) => column.name === name) ?? { name, origins: originsOf(flow, name, 'spark') };

const has = (flow: Flow, name: string): boolean => flow.open || flow.columns.some((column) => column.name === name);

/** Replaces or adds columns by their names. */
const withColumns = (flow: Flow, columns: readonly FlowColumn[]): Flow => {
  const names = new Set(columns.map(({ name }) => name));
  return { ...flow, columns: [...flow.columns.filter(({ name }) => !names.has(name)), ...columns] };
};

type Step = (flow: Flow, plugin: Value, draft: JobDraft) => Flow;

/** Fields that a plugin names must be there. */
function missing(draft: JobDraft, flow: Flow, plugin: Value, names: readonly string[]): void {
  const gone = names.filter((name) => !has(flow, name));
  if (gone.length > 0)
    draft.say(
      'unknown-column',
      `There is no column ${gone.map((name) => `"${name}"`).join(', ')} before this step.`,
      placeOf(plugin),
      'partial',
    );
}

const mapped: Step = (flow, plugin, draft) => {
  const pairs = dotted(plugin, 'field_mapper')?.entries ?? [];
  missing(
    draft,
    flow,
    plugin,
    pairs.map(({ key }) => key),
  );
  return {
    ...flow,
    open: false,
    columns: pairs.map(({ key, value }) => ({ ...named(flow, key), name: value.text ?? key })),
  };
};

const filtered: Step = (flow, plugin, draft) => {
  const kept = (dotted(plugin, 'include_fields') ?? dotted(plugin, 'fields'))?.texts;
  const left = dotted(plugin, 'exclude_fields')?.texts ?? [];
  if (kept) {
    missing(draft, flow, plugin, kept);
    return { ...flow, open: false, columns: kept.map((name) => named(flow, name)) };
  }
  return { ...flow, columns: flow.columns.filter(({ name = '' }) => !left.includes(name)) };
};

const renamed: Step = (flow, plugin) => {
  const pairs = (dotted(plugin, 'specific')?.items ?? dotted(plugin, 'field_name_mapping')?.items ?? []).map(
    (each) => [said(each, 'field_name', 'from') ?? '', said(each, 'target_name', 'to') ?? ''] as const,
  );
  const names = new Map(pairs);
  const fold = said(plugin, 'convert_case')?.toUpperCase();
  const [prefix, suffix] = [said(plugin, 'prefix') ?? '', said(plugin, 'suffix') ?? ''];
  const cased = (name: string) =>
    fold === 'UPPER' ? name.toUpperCase() : fold === 'LOWER' ? name.toLowerCase() : name;
  return {
    ...flow,
    columns: flow.columns.map((column) =>
      column.name === undefined
        ? column
        : { ...column, name: names.get(column.name) ?? `${prefix}${cased(column.name)}${suffix}` },
    ),
  };
};

const copied: Step = (flow, plugin, draft) => {
  const fields = dotted(plugin, 'fields')?.entries.map(({ key, value }) => [key, value.text ?? ''] as const) ?? [];
  const pairs =
    fields.length > 0 ? fields : [[said(plugin, 'dest_field') ?? '', said(plugin, 'src_field') ?? ''] as const];
  missing(
    draft,
    flow,
    plugin,
    pairs.map(([, from]) => from),
  );
  return withColumns(
    flow,
    pairs.map(([to, from]) => ({ ...named(flow, from), name: to })),
  );
};

const split: Step = (flow, plugin, draft) => {
  const from = said(plugin, 'split_field') ?? '';
  missing(draft, flow, plugin, [from]);
  const to = dotted(plugin, 'output_fields')?.texts ?? [];
  return withColumns(
    flow,
    to.map((name) => ({ ...changed(named(flow, from), { expression: `split(${from})` }), name })),
  );
};

const replaced: Step = (flow, plugin, draft) => {
  const field = said(plugin, 'replace_field') ?? '';
  missing(draft, flow, plugin, [field]);
  return withColumns(flow, [{ ...changed(named(flow, field), { expression: `replace(${field})` }), name: field }]);
};

const jsonPaths: Step = (flow, plugin, draft) => {
  const columns = dotted(plugin, 'columns')?.items ?? [];
  missing(
    draft,
    flow,
    plugin,
    columns.map((column) => said(column, 'src_field') ?? ''),
  );
  return withColumns(
    flow,
    columns.map((column) => {
      const from = said(column, 'src_field') ?? '';
      const expression = `json_path(${from}, ${JSON.stringify(said(column, 'path') ?? '')})`;
      return { ...changed(named(flow, from), { expression }), name: said(column, 'dest_field') ?? from };
    }),
  );
};

/** Columns about the row itself: from which table it is, what kind of change. */
const metadata: Step = (flow, plugin) =>
  withColumns(
    flow,
    (dotted(plugin, 'metadata_fields')?.entries ?? []).map(({ key, value }) => ({
      name: value.text ?? key,
      origins: [],
      expression: key,
    })),
  );

const rowKind: Step = (flow, plugin) =>
  withColumns(flow, [{ name: said(plugin, 'custom_field_name') ?? 'row_kind', origins: [], expression: 'row_kind' }]);

const unchanged: Step = (flow) => flow;

const STEPS: Readonly<Record<string, Step>> = {
  fieldmapper: mapped,
  filter: filtered,
  fieldrename: renamed,
  copy: copied,
  split,
  replace: replaced,
  jsonpath: jsonPaths,
  metadata,
  rowkindextractor: rowKind,
  filterrowkind: unchanged,
  tablerename: unchanged,
  tablefilter: unchanged,
  tablemerge: unchanged,
};

/** What a transform does to rows. One that nobody knows may change every column, and says so. */
export async function transformRows(
  reading: Reading,
  draft: JobDraft,
  name: string,
  plugin: Value,
  flow: Flow,
  input: string | undefined,
): Promise<Flow> {
  const word = name.trim().toLowerCase();
  if (word === 'sql') return bySql(reading, draft, plugin, flow, input);
  const step = STEPS[word];
  if (step) return step(flow, plugin, draft);
  draft.say(
    'opaque-transform',
    `What the transform "${name}" does to the columns is not known.`,
    placeOf(plugin),
    'partial',
  );
  return {
    ...flow,
    columns: flow.columns.map((column) => {
      const { origins, ...rest } = changed(column, { expression: name, masking: null });
      return { ...rest, origins: origins.map((origin) => ({ ...origin, confidence: 'unknown' as const })) };
    }),
  };
}

async function bySql(
  reading: Reading,
  draft: JobDraft,
  plugin: Value,
  flow: Flow,
  input: string | undefined,
): Promise<Flow> {
  const query = dotted(plugin, 'query');
  if (!query?.text?.trim()) {
    draft.say('no-sql', 'The Sql transform has no query.', placeOf(plugin), 'partial');
    return { ...EMPTY_FLOW, sources: flow.sources, open: true };
  }
  const from = /\bfrom\s+[`"]?([\p{L}\p{N}_$.{}]+)/iu.exec(query.text)?.[1];
  const through = await throughSelect(reading, query.text, 'spark', query.at, [
    { name: from ?? input ?? 'dual', flow },
  ]);
  draft.take(through.reasons, through.status === 'failed' ? 'partial' : through.status);
  return through.status === 'failed' ? { ...EMPTY_FLOW, sources: flow.sources, open: true } : through.flow;
}
