import {
  type ColumnEdge,
  collapseTemporaries,
  masks,
  nameOf,
  type StatementLineage,
  type TableName,
} from '#core/sql-lineage';

import { writeLine } from '../../client/output.js';
import type { ReadScript } from './read-script.js';
import type { Writer } from './writer.js';

const PRODUCER = 'pkg:npm/plumbline';
const SPEC = 'https://openlineage.io/spec';
const facet = (schema: string) => ({ _producer: PRODUCER, _schemaURL: `${SPEC}/facets/${schema}` });

interface Dataset {
  readonly namespace: string;
  readonly name: string;
}

interface InputField extends Dataset {
  readonly field: string;
  readonly transformations: readonly object[];
}

/** What one script does to one table. */
interface Output {
  readonly table: TableName;
  readonly inputs: Map<string, TableName>;
  readonly edges: ColumnEdge[];
  readonly generated: Set<string>;
  readonly statements: StatementLineage[];
}

/**
 * OpenLineage job events (spec 2-0-2, column lineage facet 1-2-0), one line for each table that a script writes. Temporary tables are no
 * datasets: what went through them is shown from end to end.
 */
export class AsOpenLineage implements Writer {
  private readonly eventTime = new Date().toISOString();

  constructor(private readonly namespace: string | undefined) {}

  script(read: ReadScript): void {
    for (const output of outputsOf(read)) writeLine(JSON.stringify(this.event(read, output)));
  }

  end(): void {}

  private event({ path, dialect, text }: ReadScript, output: Output): object {
    const namespace = this.namespace ?? dialect;
    const dataset = (table: TableName): Dataset => ({ namespace, name: nameOf(table) });
    return {
      eventTime: this.eventTime,
      producer: PRODUCER,
      schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/JobEvent`,
      job: {
        namespace,
        name: path,
        facets: {
          sql: {
            ...facet('1-1-0/SQLJobFacet.json'),
            query: output.statements.map(({ start, end }) => text.slice(start, end)).join(';\n'),
            dialect,
          },
        },
      },
      inputs: [...output.inputs.values()].map(dataset),
      outputs: [{ ...dataset(output.table), facets: { columnLineage: columnLineage(output, dataset) } }],
    };
  }
}

function outputsOf({ lineage }: ReadScript): Output[] {
  const outputs = new Map<string, Output>();
  for (const statement of collapseTemporaries(lineage).statements)
    for (const target of statement.targets.filter(({ action }) => action === 'write')) {
      const name = nameOf(target);
      const output = outputs.get(name) ?? {
        table: target,
        inputs: new Map<string, TableName>(),
        edges: [],
        generated: new Set<string>(),
        statements: [],
      };
      outputs.set(name, output);
      output.statements.push(statement);
      for (const { from, to } of statement.tableEdges) if (nameOf(to) === name) output.inputs.set(nameOf(from), from);
      const own = ({ to }: { readonly to: ColumnEdge['to'] }) => to.table !== undefined && nameOf(to.table) === name;
      for (const edge of statement.columnEdges.filter(own)) output.edges.push(edge);
      for (const { to } of statement.generated.filter(own))
        if (to.column !== undefined) output.generated.add(to.column);
    }
  return [...outputs.values()];
}

function columnLineage({ edges, generated }: Output, dataset: (table: TableName) => Dataset): object {
  const fields = new Map<string, InputFields>([...generated].map((column) => [column, new InputFields()]));
  const whole = new InputFields();
  const unresolved: object[] = [];
  for (const edge of edges) {
    const { from, to } = edge;
    const of = to.column === undefined ? whole : (fields.get(to.column) ?? new InputFields());
    if (to.column !== undefined) fields.set(to.column, of);
    if (from.table) of.add(dataset(from.table), edge);
    else
      unresolved.push({
        field: from.column,
        to: to.column ?? null,
        candidates: (from.candidates ?? []).map(dataset),
        ...transformation(edge),
      });
  }
  return {
    ...facet('1-2-0/ColumnLineageDatasetFacet.json'),
    fields: Object.fromEntries([...fields].map(([column, of]) => [column, { inputFields: of.list() }])),
    ...(whole.list().length > 0 && { dataset: whole.list() }),
    // The specification has no word for a column whose table is not certain; leaving it out would hide it.
    ...(unresolved.length > 0 && { unresolved }),
  };
}

/** Input fields without repetitions, each with all the ways it comes in. */
class InputFields {
  private readonly fields = new Map<string, { field: InputField; transformations: Map<string, object> }>();

  add(dataset: Dataset, edge: ColumnEdge): void {
    const key = JSON.stringify([dataset.name, edge.from.column]);
    const entry = this.fields.get(key) ?? {
      field: { ...dataset, field: edge.from.column, transformations: [] },
      transformations: new Map<string, object>(),
    };
    const how = transformation(edge);
    entry.transformations.set(JSON.stringify(how), how);
    this.fields.set(key, entry);
  }

  list(): InputField[] {
    return [...this.fields.values()].map(({ field, transformations }) => ({
      ...field,
      transformations: [...transformations.values()],
    }));
  }
}

function transformation({ type, subtype, expression }: ColumnEdge): object {
  const masking = type === 'DIRECT' ? masks(expression) : false;
  return {
    type,
    subtype,
    description: expression ?? '',
    ...(masking !== undefined && { masking }),
  };
}
