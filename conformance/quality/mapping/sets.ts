import { listFor } from './literals.js';
import { said } from './beside.js';
import { type Params } from './params.js';
import { mapping, type Mappings, type Own } from './rule-of.js';

function distinctSet(params: Params): Own {
  const column = params.column('column');
  const listed = listFor(params, column);
  const relation = said<string>(params, 'relation') ?? 'equal';
  // Without a list nothing is too much or missing; only equal to nothing is no column with values.
  if (listed === undefined && relation !== 'equal')
    return { kind: 'distinct_count', columns: [column], more: { onEmpty: 'pass' } };
  const values = (listed ?? []).filter((each) => each !== null);
  // No values at all lie within any list, and contain only an empty one.
  const onEmpty = relation === 'subset' || values.length === 0 ? 'pass' : 'fail';
  return { kind: 'distinct_set', columns: [column], params: { relation, values }, more: { onEmpty } };
}

/** Whether equally frequent values are all looked at; tools that rank by row number take any of them. */
function tiesIn(params: Params): string {
  const ok = said<boolean>(params, 'tiesOk');
  if (ok === undefined) return params.tool.name === 'gx' ? 'refused' : 'any';
  return ok ? 'any' : 'refused';
}

function modeInSet(params: Params): Own {
  const column = params.column('column');
  return {
    kind: 'mode_in_set',
    columns: [column],
    params: { values: listFor(params, column), ties: tiesIn(params), rank: said(params, 'topN') },
    more: { onEmpty: params.tool.emptyValue },
  };
}

export const SETS: Mappings = { distinct_set: mapping('rows', distinctSet), mode_in_set: mapping('rows', modeInSet) };
