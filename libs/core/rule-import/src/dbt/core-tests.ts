import { conditionIn, rowsWhere } from '../conditions.js';
import { type Conversion, NotUnderstood } from '../imported.js';
import { thresholdOf } from './config.js';
import { datasetOf } from './refs.js';
import {
  ageUnit,
  bounds,
  columnOf,
  columnsIn,
  type Convert,
  type Given,
  judged,
  plain,
  valuesOf,
} from './test-parts.js';

/** A count of its failures matters only when a threshold is on it. */
const countMatters = ({ config: { errorIf, warnIf } }: Given): boolean => errorIf !== undefined || warnIf !== undefined;

/** The four tests of dbt itself. */
export const CORE_TESTS: Readonly<Record<string, Convert>> = {
  not_null: (given) => judged(given, 'rows', 'not_null', { columns: [columnOf(given)] }),
  unique: (given) =>
    judged(given, 'groups', 'unique', {
      columns: [columnOf(given)],
      params: { nulls: 'ignore_if_any_null', counted: 'groups' },
    }),
  accepted_values: (given) => {
    const columns = [columnOf(given)];
    const values = valuesOf(given.args, 'values', 'quote');
    // dbt counts each wrong value once, however many rows have it.
    return countMatters(given)
      ? judged(given, 'groups', 'distinct_set', { columns, params: { relation: 'subset', values } })
      : judged(given, 'rows', 'in_set', { columns, params: { values } });
  },
  relationships: (given) =>
    judged(given, 'rows', 'foreign_key', {
      columns: [columnOf(given)],
      params: { refColumns: [plain(given.args.text('field'))] },
      other: datasetOf(given.args.text('to')),
    }),
};

/** An expression that has to be true of each row. Where it is neither true nor false, dbt lets the row pass. */
export function expressionIsTrue(
  given: Given,
  expression: string,
  ...filters: readonly (string | undefined)[]
): Conversion {
  const read = conditionIn(expression);
  const where = [given.config.where, ...filters].filter((each) => each !== undefined);
  if ('condition' in read && where.every((each) => 'condition' in conditionIn(each)))
    return judged(given, 'rows', 'expression', {
      params: { failWhen: `not (${read.condition})` },
      where: filters,
      nullPolicy: 'pass',
    });
  const reason = 'condition' in read ? 'its filter cannot be said here' : read.reason;
  return {
    rule: {
      kind: 'sql_no_rows',
      params: { sql: rowsWhere(...where, `not(${expression})`) },
      ...thresholdOf(given.config, 'rows'),
    },
    ...(given.config.tags && { tags: given.config.tags }),
    notes: [`it stays SQL, in the words of the source: ${reason}`],
  };
}

/** Tests of the package dbt_utils. */
export const UTILS_TESTS: Readonly<Record<string, Convert>> = {
  equal_rowcount: (given) => rowCounts(given, 'equal'),
  fewer_rows_than: (given) => rowCounts(given, 'fewer'),
  equality: (given) => {
    const precision = given.args.optionalWhole('precision');
    const exclude = columnsIn(given.args, 'exclude_columns');
    const compare = columnsIn(given.args, 'compare_columns');
    return judged(given, 'one', 'table_equality', {
      ...(compare.length > 0 && { columns: compare }),
      // Rows are compared as sets there.
      params: {
        duplicates: 'ignored',
        ...(exclude.length > 0 && { exclude }),
        ...(precision !== undefined && { precision }),
      },
      other: datasetOf(given.args.text('compare_model')),
    });
  },
  expression_is_true: (given) => {
    const expression = given.args.text('expression');
    const column = given.args.optionalText('column_name') ?? given.column;
    return expressionIsTrue(
      given,
      column === undefined ? expression : `${column} ${expression}`,
      given.args.optionalText('condition'),
    );
  },
  recency: (given) => {
    if (given.args.flag('ignore_time_component', false)) return cannot('it compares days, and an age is compared here');
    if (columnsIn(given.args, 'group_by_columns').length > 0)
      return cannot('an age is measured for the whole dataset, not for groups');
    return judged(given, 'one', 'freshness', {
      columns: [plain(given.args.text('field'))],
      params: { maxAge: given.args.numeral('interval'), unit: ageUnit(given.args, 'datepart') },
    });
  },
  at_least_one: (given) =>
    judged(given, 'one', 'not_null_count', {
      columns: [columnOf(given)],
      params: { min: 1, ...groups(given) },
      onEmpty: 'fail',
    }),
  not_constant: (given) => {
    const made = judged(given, 'one', 'distinct_count', { columns: [columnOf(given)], params: groups(given) });
    const level = given.config.severity === 'warn' ? 'warn' : 'fail';
    if ('groupBy' in groupsOf(made))
      return cannot('a threshold for each group has bounds, and just one value is no bound');
    // Of nothing at all it does not complain.
    return { ...made, rule: { ...made.rule, threshold: { metric: 'value', [level]: { eq: 1 } } } };
  },
  not_empty_string: (given) => {
    const column = columnOf(given);
    const quoted = `"${column.replaceAll('"', '""')}"`;
    const trims = given.args.flag('trim_whitespace', true);
    return judged(given, 'rows', 'expression', {
      columns: [column],
      params: { failWhen: trims ? `trim(${quoted}) = ''` : `${quoted} = ''` },
      nullPolicy: 'pass',
    });
  },
  cardinality_equality: (given) =>
    judged(given, 'one', 'cardinality_equality', {
      columns: [columnOf(given)],
      params: { otherColumns: [plain(given.args.text('field'))] },
      other: datasetOf(given.args.text('to')),
    }),
  not_null_proportion: (given) =>
    judged(given, 'one', 'not_null_ratio', {
      columns: [columnOf(given)],
      params: {
        min: given.args.numeral('at_least'),
        max: given.args.optionalNumeral('at_most') ?? 1,
        ...groups(given),
      },
    }),
  not_accepted_values: (given) => {
    const columns = [columnOf(given)];
    const values = valuesOf(given.args, 'values', 'quote');
    return judged(given, countMatters(given) ? 'one' : 'rows', 'not_in_set', { columns, params: { values } });
  },
  relationships_where: (given) => {
    const [from, to] = [given.args.optionalText('from_condition'), given.args.optionalText('to_condition')];
    return judged(given, 'rows', 'foreign_key', {
      columns: [columnOf(given)],
      params: {
        refColumns: [plain(given.args.text('field'))],
        ...(to !== undefined && !/^\s*1\s*=\s*1\s*$/.test(to) && { refWhere: to }),
      },
      where: [from],
      other: datasetOf(given.args.text('to')),
    });
  },
  mutually_exclusive_ranges: (given) => {
    const partitionBy = columnsIn(given.args, 'partition_by');
    return judged(given, 'rows', 'exclusive_ranges', {
      columns: [plain(given.args.text('lower_bound_column')), plain(given.args.text('upper_bound_column'))],
      params: {
        gaps: given.args.oneOf('gaps', ['allowed', 'not_allowed', 'required'], 'allowed'),
        zeroLengthAllowed: given.args.flag('zero_length_range_allowed', false),
        absentUpper: 'violation',
        ...(partitionBy.length > 0 && { partitionBy }),
      },
    });
  },
  sequential_values: (given) => {
    const unit = given.args.optionalText('datepart');
    return judged(given, 'rows', 'sequential', {
      columns: [columnOf(given)],
      params: {
        step: given.args.optionalWhole('interval') ?? 1,
        ...(unit !== undefined && { unit: unit.toLowerCase() }),
        ...groups(given),
      },
    });
  },
  unique_combination_of_columns: (given) => {
    given.args.ignore('quote_columns');
    return judged(given, 'groups', 'unique', {
      columns: columnsIn(given.args, 'combination_of_columns'),
      params: { nulls: 'never_ignore', counted: 'groups' },
    });
  },
  accepted_range: (given) =>
    judged(given, 'rows', 'between', {
      columns: [columnOf(given)],
      params: bounds(given.args, !given.args.flag('inclusive', true)),
    }),
};

const groups = (given: Given): { readonly groupBy?: readonly string[] } => {
  const groupBy = columnsIn(given.args, 'group_by_columns');
  return groupBy.length > 0 ? { groupBy } : {};
};

const groupsOf = ({ rule: { params = {} } }: Conversion): object => params;

function rowCounts(given: Given, relation: 'equal' | 'fewer'): Conversion {
  return judged(given, 'one', 'row_count_compare', {
    params: { relation, ...groups(given) },
    other: datasetOf(given.args.text('compare_model')),
    // No rows are not fewer than no rows.
    onEmpty: relation === 'equal' ? 'pass' : 'fail',
  });
}

const cannot = (reason: string): never => {
  throw new NotUnderstood(reason);
};
