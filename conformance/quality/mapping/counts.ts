import { boundsIn, emptyAs } from './bounds.js';
import { NotMapped } from './mapped.js';
import { type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';

const ofColumn = (params: Params) => [params.column('column')];

/** Of an empty table, a tool that counts says zero, and one that divides says nothing. */
function counted(kind: string, params: Params, own: Own['params'] = {}): Own {
  const bounds = boundsIn(params);
  return {
    kind,
    columns: ofColumn(params),
    params: { ...bounds, groupBy: params.columns('groupBy'), ...own },
    more: emptyAs(0, bounds, params),
  };
}

function distinctCount(params: Params): Own {
  const said = params.take<string>('nullSemantics');
  if (said !== undefined && !said.includes('count(distinct)=1'))
    throw new NotMapped(`not mapped: nullSemantics ${said}`);
  const nullCountsAsValue = params.take<boolean>('nullCountsAsValue');
  const rule = counted('distinct_count', params, { nullCountsAsValue });
  if (said === undefined) return rule;
  // Only a column with one value is constant; one without any is not.
  return { ...rule, params: { ...rule.params, withoutValues: 'left_out' }, more: { onEmpty: 'pass' } };
}

function distinctRatio(params: Params): Own {
  const bounds = boundsIn(params);
  const rule: Own = { kind: 'distinct_ratio', columns: ofColumn(params), params: bounds };
  // Great Expectations calls nothing of nothing zero; a division by zero in SQL is no value.
  return params.tool.name === 'gx' ? { ...rule, more: emptyAs(0, bounds, params) } : rule;
}

/** Rules about how many values there are. */
export const COUNTS: Mappings = {
  not_null_count_between: mapping('value', (params) => counted('not_null_count', params)),
  not_null_ratio_between: mapping('value', (params) => ({
    kind: 'not_null_ratio',
    columns: ofColumn(params),
    params: { ...boundsIn(params), groupBy: params.columns('groupBy') },
  })),
  distinct_count_between: mapping('value', distinctCount),
  distinct_ratio_between: mapping('value', distinctRatio),
};
