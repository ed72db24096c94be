import { type Dialect } from '#core/connector-kit';

import { checkRule, ruleKindOf } from './check-rule.js';
import { bindExpression, columnOf, fault, TRUE } from './condition.js';
import { type RuleFacts } from './facts.js';
import { type Ask } from './rule-kind.js';
import { renderFailingRows, type RenderInput, renderMeasure } from './sql/render.js';

/** One SELECT of a plan. */
export interface PlannedStatement {
  /** `failing_rows` is for a rule that failed or warned: a few rows that break it, by their keys. */
  readonly purpose: 'measure' | 'other_side' | 'failing_rows';
  readonly on: 'target' | 'other';
  readonly sql: string;
  readonly params: readonly string[];
  /** How many rows can come back at most. */
  readonly maxRows: number;
}

export interface RulePlan {
  readonly statements: readonly PlannedStatement[];
}

/**
 * Compiles a rule for the columns it looks at. Names in the SQL come only from the facts, values only as parameters.
 * Throws `InvalidInput` with the place in the rule when it does not fit the facts.
 *
 * @example
 * planRule({ kind: 'not_null', columns: ['email'] }, { target: factsOf(table) }, 'postgres').statements[0].sql
 */
export function planRule(rule: unknown, facts: RuleFacts, dialect: Dialect): RulePlan {
  const checked = checkRule(rule);
  const kind = ruleKindOf(checked.kind);
  const { target } = facts;
  const other = otherFor(kind.other, facts);
  const columns = checked.columns.map((name, at) => columnOf(target, name, ['columns', String(at)]));
  const where = checked.where === undefined ? TRUE : bindExpression(checked.where, target, ['where']);
  const inputOf = (ask: Ask): RenderInput => {
    if (ask.on === 'target' || other === undefined)
      return { dialect, dataset: target, where, ...(other === undefined ? {} : { other }) };
    return { dialect: other.dialect, dataset: other, where: ask.where ?? TRUE };
  };
  const { params, nullPolicy, samples } = checked;
  const asks = kind.compile({ columns, params, nullPolicy, ...(other === undefined ? {} : { other }) });
  const statements = asks.map((ask): PlannedStatement => {
    const rendered = renderMeasure(ask.question, inputOf(ask));
    return { purpose: ask.purpose, on: ask.on, ...rendered, maxRows: 1 };
  });
  const failing = asks.flatMap((ask): PlannedStatement[] => {
    const rendered = samples === 0 ? undefined : renderFailingRows(ask.question, inputOf(ask), samples);
    return rendered === undefined ? [] : [{ purpose: 'failing_rows', on: ask.on, ...rendered, maxRows: samples }];
  });
  return { statements: [...statements, ...failing] };
}

function otherFor(needed: 'none' | 'same_connection' | 'any', { other }: RuleFacts): RuleFacts['other'] {
  if (needed === 'none') return undefined;
  if (other === undefined) throw fault('it looks at a second dataset, and none is given', ['other']);
  if (needed === 'same_connection' && !other.sameConnection)
    throw fault(`${other.name} is in another source, and this kind of rule compares row by row in one statement`, [
      'other',
    ]);
  return other;
}
