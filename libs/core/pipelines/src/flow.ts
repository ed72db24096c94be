import { type Confidence, type EdgeSubtype, type EdgeType, masks } from '#core/sql-lineage';

import type { JobDraft } from './job-draft.js';
import type { Dataset } from './types.js';

/** A column that another one is made of, or that decides about it. */
export interface Origin {
  readonly dataset: Dataset;
  readonly column: string;
  readonly type: EdgeType;
  readonly subtype: EdgeSubtype;
  readonly confidence: Confidence;
  /** When a step before the last one hid the value (true), or may have (null). */
  readonly masking?: true | null;
}

/** A column of the rows that a reader gives. */
export interface FlowColumn {
  readonly name?: string;
  /** No DIRECT one: it is a constant. */
  readonly origins: readonly Origin[];
  /** Unless it is a plain column. */
  readonly expression?: string;
  /** Whether the step hides the value, where its expression does not say so; null: nobody can tell. */
  readonly masking?: boolean | null;
}

/** Rows on their way: where they come from, and what each column is made of. */
export interface Flow {
  readonly sources: readonly Dataset[];
  readonly columns: readonly FlowColumn[];
  /** There may be columns behind those that are listed. */
  readonly open: boolean;
  /** What decides which rows there are. */
  readonly rows: readonly Origin[];
}

export interface FlowTarget {
  readonly dataset: Dataset;
  /** In the order they are filled; undefined when nobody knows them. */
  readonly columns: readonly string[] | undefined;
}

export const EMPTY_FLOW: Flow = { sources: [], columns: [], open: false, rows: [] };

/** Lets rows go into a dataset, column by column in order. */
export function fill(draft: JobDraft, flow: Flow, { dataset, columns }: FlowTarget): void {
  fillWhole(draft, flow, dataset);
  for (const [ordinal, column] of (columns ?? []).entries()) {
    const given = flow.columns[ordinal];
    if (given) fillColumn(draft, given, dataset, column, ordinal);
  }
}

/** Datasets, and what decides about rows. */
export function fillWhole(draft: JobDraft, { sources, rows }: Flow, dataset: Dataset): void {
  draft.target(dataset);
  for (const source of sources) draft.tableEdge(source, dataset);
  for (const { dataset: from, column, type, subtype, confidence } of rows)
    draft.columnEdge({ from: { dataset: from, column }, to: { dataset }, type, subtype, confidence });
}

export function fillColumn(
  draft: JobDraft,
  { origins, expression, masking }: FlowColumn,
  dataset: Dataset,
  column: string,
  ordinal: number,
): void {
  const to = { dataset, column, ordinal };
  for (const { dataset: from, column: source, type, subtype, confidence, masking: before } of origins) {
    const hidden =
      type === 'DIRECT' ? hiddenBy(before, masking, subtype === 'IDENTITY' ? undefined : expression) : undefined;
    draft.columnEdge({
      from: { dataset: from, column: source },
      to,
      type,
      subtype,
      confidence,
      ...(expression !== undefined && subtype !== 'IDENTITY' && { expression }),
      ...(hidden !== undefined && { masking: hidden }),
    });
  }
  if (!origins.some(({ type }) => type === 'DIRECT'))
    draft.generate({ to, ...(expression !== undefined && { expression }) });
}

/** Once hidden, a value stays hidden; what nobody can tell stays so. */
function hiddenBy(
  before: true | null | undefined,
  step: boolean | null | undefined,
  expression: string | undefined,
): boolean | undefined {
  if (before === true || step === true) return true;
  if (before === null || step === null) return undefined;
  return step ?? masks(expression);
}

/** What a column is made of, when another step makes something of the column: that the value is hidden is not forgotten. */
export const passedOn = ({ origins, expression, masking }: FlowColumn): Origin[] =>
  origins.map((origin): Origin => {
    if (origin.type !== 'DIRECT') return origin;
    const hidden = hiddenBy(origin.masking, masking, origin.subtype === 'IDENTITY' ? undefined : expression);
    return hidden === false ? origin : { ...origin, masking: hidden === true ? true : null };
  });

/** The same column, changed on the way. */
export const changed = (
  column: FlowColumn,
  how: { readonly expression?: string; readonly masking?: boolean | null } = {},
): FlowColumn => ({
  ...(column.name !== undefined && { name: column.name }),
  ...how,
  origins: passedOn(column).map((origin) =>
    origin.type === 'DIRECT' && origin.subtype === 'IDENTITY'
      ? { ...origin, subtype: 'TRANSFORMATION' as const }
      : origin,
  ),
});

/** What a column is made of, as what decides about rows. */
export const deciding = (columns: readonly FlowColumn[]): Origin[] =>
  columns.flatMap(({ origins }) =>
    origins.map((origin) => ({ ...origin, type: 'INDIRECT' as const, subtype: 'FILTER' as const })),
  );

/** A dataset's columns as they are. */
export const plainColumns = (dataset: Dataset, columns: readonly string[], confidence: Confidence): FlowColumn[] =>
  columns.map((name) => ({
    name,
    origins: [{ dataset, column: name, type: 'DIRECT', subtype: 'IDENTITY', confidence }],
  }));
