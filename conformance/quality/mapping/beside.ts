import { boundFor } from './literals.js';
import { NotMapped } from './mapped.js';
import { type Params } from './params.js';

/** A parameter, absent when it is null: tools write null for what is not said. */
export const said = <T>(params: Params, name: string): T | undefined => params.take<T | null>(name) ?? undefined;

/** Between which bounds a value has to lie. */
export const bounds = (params: Params, column?: string): Record<string, unknown> => ({
  min: boundFor(params, 'min', column),
  max: boundFor(params, 'max', column),
  strictMin: said(params, 'strictMin'),
  strictMax: said(params, 'strictMax'),
});

/** The name of the second table, which the case has. */
export function otherIn(params: Params, name = 'other'): string {
  const other = params.take<string>(name);
  const tables = Object.keys(params.given.otherTables ?? {});
  // dbt writes ref('table').
  const named = /^ref\(\s*['"](.+)['"]\s*\)$/.exec(other ?? '')?.[1] ?? other;
  if (named !== undefined) return named;
  if (tables.length !== 1) throw new NotMapped('not mapped: a second table that has no name');
  return tables[0]!;
}
