import { type Condition } from '#core/rule-engine';

import { conditionIn, conditionOf, HAS_TEMPLATE, rowsWhere } from '../conditions.js';
import { type Conversion, NotUnderstood, type RuleText } from '../imported.js';
import { type Levels, measured, meetsZero, ofShare, thresholdOn } from '../requirement.js';

/** Filters of a check and of its dataset, as SQL texts. */
export type Filters = readonly (string | undefined)[];

/** Both filters together, as one condition. */
export function whereOf(filters: Filters): { readonly where?: Condition } {
  const given = filters.filter((each) => each !== undefined);
  if (given.length === 0) return {};
  const whole = given.length === 1 ? given[0]! : given.map((each) => `(${each})`).join(' and ');
  return { where: conditionOf(whole)! };
}

/** Judges rows that were counted. Soda counts zero in an empty table and compares that. */
export function counted(
  levels: Levels,
  unit: 'count' | 'percent',
  denominator: 'all' | 'checked' = 'all',
): Pick<RuleText, 'threshold' | 'denominator' | 'onEmpty'> {
  const shares = unit === 'percent';
  const threshold = shares
    ? thresholdOn('ratio', {
        ...(levels.fail && { fail: ofShare(levels.fail) }),
        ...(levels.warn && { warn: ofShare(levels.warn) }),
      })
    : thresholdOn('count', levels);
  return {
    ...(threshold && { threshold }),
    ...(shares && denominator === 'all' && { denominator }),
    onEmpty: levels.fail === undefined || meetsZero(levels.fail) ? 'pass' : 'fail',
  };
}

/** Rows that meet a condition in SQL are wrong. What the condition cannot say here stays SQL. */
export function failedRows(
  expression: string,
  filters: Filters,
  levels: Levels,
  unit: 'count' | 'percent',
): Conversion {
  refuseTemplates(expression);
  const condition = conditionIn(expression);
  const filter = filters.filter((each) => each !== undefined);
  const plainFilter = filter.every((each) => 'condition' in conditionIn(each));
  if ('condition' in condition && plainFilter)
    return {
      rule: {
        kind: 'expression',
        params: { failWhen: condition.condition },
        nullPolicy: 'pass',
        ...whereOf(filters),
        ...counted(levels, unit),
      },
    };
  if (unit === 'percent') throw new NotUnderstood('a share of rows needs a condition that can be read, not SQL');
  return sqlRows(rowsWhere(...filters, expression), levels, ['its condition stays SQL, in the words of the source']);
}

/** SQL that finds wrong rows. */
export function sqlRows(sql: string, levels: Levels, notes: readonly string[] = []): Conversion {
  refuseTemplates(sql);
  const { threshold } = counted(levels, 'count');
  return { rule: { kind: 'sql_no_rows', params: { sql }, ...(threshold === undefined ? {} : { threshold }) }, notes };
}

/** A number that SQL gives. */
export function sqlNumber(sql: string, levels: Levels): Conversion {
  refuseTemplates(sql);
  const { params, threshold } = measured(levels);
  return { rule: { kind: 'sql_scalar', params: { sql, ...params }, ...(threshold && { threshold }) } };
}

export function refuseTemplates(text: string): void {
  if (HAS_TEMPLATE.test(text)) throw new NotUnderstood('it has a variable inside, which is only known when Soda runs');
}
