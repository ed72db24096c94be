import {
  type ColumnEdge,
  collapseTemporaries,
  masks,
  type ScriptLineage,
  type StatementLineage,
  type TableName,
} from '#core/sql-lineage';

import { digestOf } from './digest.js';
import { type Endpoint } from './endpoint.js';
import { type ScriptNames } from './named-datasets.js';
import { KIND, type PlannedEdge } from './planned-edge.js';

/** A statement as it is kept. */
export interface StatementFacts {
  readonly textDigest: string;
  readonly position: number;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly status: StatementLineage['status'];
  readonly reasons: StatementLineage['reasons'];
}

export interface ScriptFacts {
  readonly statements: readonly StatementFacts[];
  readonly edges: readonly PlannedEdge[];
  /** What a pipeline says beside lineage. */
  readonly reports?: readonly PlannedReport[];
  readonly tests?: readonly PlannedTest[];
  readonly descriptions?: readonly PlannedDescription[];
}

/** Something that shows data to people. */
export interface PlannedReport {
  readonly name: string;
  readonly label: string | null;
  readonly kind: string;
  readonly owner: string | null;
  readonly url: string | null;
  readonly description: string | null;
  readonly uses: readonly Endpoint[];
}

/** A test of a pipeline tool as it went last. */
export interface PlannedTest {
  readonly name: string;
  readonly kind: string;
  readonly datasetId: string | null;
  readonly column: string | null;
  readonly severity: string | null;
  readonly status: string | null;
  readonly message: string | null;
  readonly finishedAt: Date | null;
}

export interface PlannedDescription {
  readonly asset: { readonly kind: 'dataset' | 'field'; readonly id: string };
  readonly text: string;
}

/** What a script's lineage means in the catalog. Temporary tables are left out: what goes in on one side comes out at the other. */
export function factsOf(text: string, lineage: ScriptLineage, names: ScriptNames): ScriptFacts {
  const digests = lineage.statements.map(({ start, end }) => digestOf(text.slice(start, end)));
  const renamed = new Map<string, Set<string>>();
  const edges: PlannedEdge[] = [];
  for (const statement of collapseTemporaries(lineage).statements) {
    const at = { statement: digests[statement.index] };
    edges.push(...edgesOf(statement, names).map((edge) => ({ ...edge, ...at })));
    noteColumns(statement, renamed);
    edges.push(...renames(statement, renamed, names).map((edge) => ({ ...edge, ...at })));
  }
  return {
    statements: lineage.statements.map((statement, index) => ({
      textDigest: digests[index] ?? '',
      position: statement.index,
      line: statement.line,
      start: statement.start,
      end: statement.end,
      kind: statement.kind,
      status: statement.status,
      reasons: statement.reasons,
    })),
    edges,
  };
}

function edgesOf(statement: StatementLineage, names: ScriptNames): PlannedEdge[] {
  const tables = statement.tableEdges.map(({ from, to }): PlannedEdge => ({
    from: names.endpoint(from),
    to: names.endpoint(to),
    kind: KIND.dataset,
  }));
  const columns = statement.columnEdges.flatMap((edge) => columnEdges(edge, names));
  const generated = statement.generated.flatMap(({ to, expression }): PlannedEdge[] =>
    to.table === undefined || to.column === undefined
      ? []
      : [
          {
            to: names.endpoint(to.table, to.column),
            kind: KIND.generated,
            ...(expression !== undefined && { expression }),
          },
        ],
  );
  return [...tables, ...columns, ...generated];
}

/** A bare SELECT goes nowhere; a column that several tables could have comes from each of them, as `ambiguous`. */
function columnEdges(
  { from, to, type, subtype, confidence, expression }: ColumnEdge,
  names: ScriptNames,
): PlannedEdge[] {
  if (to.table === undefined) return [];
  const target = names.endpoint(to.table, to.column);
  const kind = type === 'DIRECT' ? KIND.direct : to.column === undefined ? KIND.rows : KIND.indirect;
  const tables = from.table ? [from.table] : (from.candidates ?? []);
  const hidden = type === 'DIRECT' ? masks(expression) : undefined;
  return tables.map((table) => ({
    from: names.endpoint(table, from.column),
    to: target,
    kind,
    subtype,
    confidence,
    ...(expression !== undefined && kind !== KIND.rows && { expression }),
    ...(hidden !== undefined && { masking: hidden }),
  }));
}

const tableKey = ({ catalog, schema, name }: TableName) => JSON.stringify([catalog ?? null, schema ?? null, name]);

/** Which columns the script has written into which table so far. */
function noteColumns(statement: StatementLineage, written: Map<string, Set<string>>): void {
  for (const { to } of [...statement.columnEdges, ...statement.generated]) {
    if (to.table === undefined || to.column === undefined) continue;
    const key = tableKey(to.table);
    written.set(key, (written.get(key) ?? new Set()).add(to.column));
  }
}

/** A table that gets another's name gets its rows. */
function renames(
  statement: StatementLineage,
  written: ReadonlyMap<string, Set<string>>,
  names: ScriptNames,
): PlannedEdge[] {
  return statement.renames.flatMap(({ from, to }): PlannedEdge[] => [
    { from: names.endpoint(from), to: names.endpoint(to), kind: KIND.dataset },
    ...[...(written.get(tableKey(from)) ?? [])].map((column): PlannedEdge => ({
      from: names.endpoint(from, column),
      to: names.endpoint(to, column),
      kind: KIND.direct,
      subtype: 'IDENTITY',
      confidence: 'single-source',
    })),
  ]);
}

/** What a foreign table shows, as the connector kit's `ForeignTable`, and where that is. */
export interface ForeignDeclaration {
  readonly remote: (column?: string) => Endpoint;
  readonly local: (column?: string) => Endpoint;
  /** The remote column behind each local one. */
  readonly columns: Readonly<Record<string, string>>;
}

/** A foreign table is its remote table under another name. */
export function foreignEdges({ remote, local, columns }: ForeignDeclaration): PlannedEdge[] {
  return [
    { from: remote(), to: local(), kind: KIND.dataset, confidence: 'schema' },
    ...Object.entries(columns).map(([mine, theirs]): PlannedEdge => ({
      from: remote(theirs),
      to: local(mine),
      kind: KIND.direct,
      subtype: 'IDENTITY',
      confidence: 'schema',
    })),
  ];
}
