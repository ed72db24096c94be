import { type Connection, type TypeFamily } from '#core/connector-kit';
import { type DatasetFacts } from '#core/rule-engine';

import { type CaseTable, type CaseType } from '../case.js';

/** A real engine, and a place in it for the tables of cases. */
export interface Engine {
  readonly connection: Connection;
  /** Puts a table there. The same table twice is put there once. */
  table(table: CaseTable): Promise<DatasetFacts>;
  /** Why the engine has no place for a table at all; undefined when it has one. */
  cannotHold?(table: CaseTable): string | undefined;
  close(): Promise<void>;
}

export const FAMILY: Readonly<Record<CaseType, TypeFamily>> = {
  string: 'text',
  int: 'integer',
  bigint: 'integer',
  double: 'float',
  decimal: 'decimal',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};

/** The facts of a table, as a harvest would have them. */
export const factsOf = (
  relation: string,
  name: string,
  { columns }: CaseTable,
  typeOf: (type: CaseType) => string,
): DatasetFacts => ({
  relation,
  name,
  columns: columns.map((column) => ({
    name: column.name,
    typeFamily: FAMILY[column.type],
    nativeType: typeOf(column.type),
  })),
});

/** Makes each different table once. */
export function oncePerTable(make: (table: CaseTable, n: number) => Promise<DatasetFacts>): Engine['table'] {
  const made = new Map<string, Promise<DatasetFacts>>();
  return (table) => {
    const key = JSON.stringify(table);
    const known = made.get(key) ?? make(table, made.size + 1);
    made.set(key, known);
    return known;
  };
}
