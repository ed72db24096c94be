import { commonBlock } from './common.js';
import { type Mapping, type MappedRule, NotMapped, type RuleJson, without } from './mapped.js';
import { Params } from './params.js';

/** A parameter, absent when it is null: tools write null for what is not said. */
export const said = <T>(params: Params, name: string): T | undefined => params.take<T | null>(name) ?? undefined;

/** Between which bounds a value has to lie. */
export const bounds = (params: Params): Record<string, unknown> => ({
  min: said(params, 'min'),
  max: said(params, 'max'),
  strictMin: said(params, 'strictMin'),
  strictMax: said(params, 'strictMax'),
});

/** A rule of ours whose threshold is on the value it measures. */
export const measuring =
  (
    make: (params: Params) => RuleJson,
    more: Omit<MappedRule, 'rule'> | ((params: Params) => Omit<MappedRule, 'rule'>) = {},
  ): Mapping =>
  (given) => {
    const params = new Params(given);
    const made = make(params);
    const extra = typeof more === 'function' ? more(params) : more;
    const rule = { ...commonBlock(params, 'value'), ...made, params: without(made['params'] ?? {}) };
    params.done();
    return { ...extra, rule };
  };

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
