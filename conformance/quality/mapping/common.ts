import { spokenIn, translated } from './conditions.js';
import { Refused } from './mapped.js';
import { type Params } from './params.js';
import { type Assertion, lessThanOne, ofRows, ofValue, type Threshold, warnIf } from './thresholds.js';

/** Settings of other tools that do not change what a rule means: how samples are kept, when a run began, what a model is called. */
const REMARKS = ['vars', 'meta', 'modelConfig', 'column_name'];

/**
 * What most rules of the vocabulary can have: `mostly`, `threshold`, `assert`, `where` and what comes with them. `of` says what a
 * threshold is on: rows that break the rule, or the one value that it measures.
 */
export function commonBlock(params: Params, of: 'rows' | 'value'): Record<string, unknown> {
  const { tool } = params;
  params.ignore(...REMARKS);
  return {
    ...whereOf(params),
    onEmpty: of === 'rows' ? tool.emptyRows : tool.emptyValue,
    denominator: tool.denominator,
    ...threshold(of === 'rows' ? rowsThreshold(params) : ofValue(assertionIn(params))),
  };
}

const threshold = (said: Threshold | undefined) => (said === undefined ? {} : { threshold: said });

function rowsThreshold(params: Params): Threshold | undefined {
  const mostly = params.take<number>('mostly');
  const assertion = assertionIn(params);
  const warn = params.take<string>('warn_if');
  if (warn !== undefined) return warnIf(warn, assertion?.['level'] === 'warn');
  if (mostly === undefined) return ofRows(assertion, params.tool);
  if (typeof mostly !== 'number' || mostly < 0 || mostly > 1)
    throw new Refused(`${JSON.stringify(mostly)} is no share that has to obey`);
  return { metric: 'ratio', fail: { gt: lessThanOne(mostly) } };
}

/** Deequ's assertion on a metric and Soda's threshold mean the same: what has to hold. */
export function assertionIn(params: Params): Assertion | undefined {
  const said = params.take<Assertion>('assert');
  const threshold = params.take<Assertion>('threshold');
  return said === undefined ? threshold : { ...threshold, ...said };
}

/** The filter, in our words. */
export function whereOf(params: Params): { where?: string } {
  const where = params.take<string>('where') ?? params.take<string>('where_expression');
  const dialect = params.take<string>('whereDialect');
  if (where === undefined || where.trim() === '') return {};
  return { where: conditionOf(where, params, dialect) };
}

/** A condition of the case's tool in our words. */
export const conditionOf = (source: string, { tool, given }: Params, dialect?: string): string =>
  translated(source, spokenIn(dialect, tool), given.table, tool);
