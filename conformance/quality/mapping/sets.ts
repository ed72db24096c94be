import { commonBlock } from './common.js';
import { type Mapping, without } from './mapped.js';
import { Params } from './params.js';
import { said } from './values.js';

const distinctSet: Mapping = (given) => {
  const params = new Params(given);
  const values = said<unknown[]>(params, 'values');
  const relation = said<string>(params, 'relation') ?? 'equal';
  const columns = [params.column('column')];
  const common = commonBlock(params, 'rows');
  params.done();
  // Without a list nothing is too much or missing; only equal to nothing is no column with values.
  if (values === undefined && relation !== 'equal')
    return { rule: { kind: 'distinct_count', columns, onEmpty: 'pass' } };
  const listed = (values ?? []).filter((each) => each !== null);
  return {
    rule: {
      ...common,
      kind: 'distinct_set',
      columns,
      params: { relation, values: values ?? [] },
      // No values at all lie within any list, and contain only an empty one.
      onEmpty: relation === 'subset' || listed.length === 0 ? 'pass' : 'fail',
    },
  };
};

/** Whether equally frequent values are all looked at; tools that rank by row number take any of them. */
function tiesIn(params: Params): string {
  const ok = said<boolean>(params, 'tiesOk');
  if (ok === undefined) return params.tool.name === 'gx' ? 'refused' : 'any';
  return ok ? 'any' : 'refused';
}

const modeInSet: Mapping = (given) => {
  const params = new Params(given);
  const own = { values: said(params, 'values'), ties: tiesIn(params), rank: said(params, 'topN') };
  const rule = {
    ...commonBlock(params, 'rows'),
    kind: 'mode_in_set',
    columns: [params.column('column')],
    params: without(own),
    onEmpty: params.tool.emptyValue,
  };
  params.done();
  return { rule };
};

export const SETS: Readonly<Record<string, Mapping>> = { distinct_set: distinctSet, mode_in_set: modeInSet };
