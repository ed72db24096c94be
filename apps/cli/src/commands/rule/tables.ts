import { type LooseFiles } from '#connectors/files';
import { type DatasetFacts } from '#core/rule-engine';
import { type NamedRule } from '#core/rule-import';

/** Datasets by their names. */
export type Tables = ReadonlyMap<string, DatasetFacts>;

const DEADLINE_MS = 600_000;
export const callOf = (maxRows: number, signal: AbortSignal = new AbortController().signal) => ({
  signal,
  deadlineMs: DEADLINE_MS,
  maxRows,
});

/** What is known of a file. Failing rows are told by `key`, or else by the first column. */
export async function factsOfFile(
  files: LooseFiles,
  { name, path }: { readonly name: string; readonly path: string },
  key: readonly string[],
): Promise<DatasetFacts> {
  const fields = await files.fields(path, callOf(1));
  const columns = fields.map(({ name: column, typeFamily, nativeType }) => ({ name: column, typeFamily, nativeType }));
  const keys = key.filter((each) => columns.some((column) => column.name === each));
  return {
    relation: files.relation(path),
    name,
    columns,
    keyColumns: keys.length > 0 ? keys : columns.slice(0, 1).map((column) => column.name),
  };
}

const last = (name: string): string => name.split('.').at(-1)!.toLowerCase();

/** The table that a name means: called just so, or so at its end, whatever its letters. */
const found = (tables: Tables, name: string): DatasetFacts | undefined =>
  tables.get(name) ?? [...tables.values()].find((table) => last(table.name) === last(name));

/**
 * The table that each rule is about. A rule that names none is about the only table there is; so are rules that all name one dataset.
 * Undefined: it is about a dataset that is not here.
 */
export function targetsOf(rules: readonly NamedRule[], tables: Tables): (DatasetFacts | undefined)[] {
  const only = tables.size === 1 ? [...tables.values()][0] : undefined;
  const named = new Set(rules.flatMap(({ dataset }) => dataset ?? []));
  return rules.map(({ dataset }) => {
    if (dataset === undefined) return only;
    return found(tables, dataset) ?? (named.size === 1 ? only : undefined);
  });
}

/** The second table of a rule. */
export const otherOf = ({ other }: NamedRule, tables: Tables): DatasetFacts | undefined =>
  other === undefined ? undefined : found(tables, other);
