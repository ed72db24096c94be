import { Args, type Fields, isFields } from '../args.js';
import { type Conversion, type Findings, NotUnderstood, type Place } from '../imported.js';
import { type Levels, type Requirement } from '../requirement.js';
import { counted, failedRows, type Filters, sqlNumber, sqlRows, whereOf } from './common.js';
import { figure, freshness, isFigure, rowCount } from './metrics.js';
import { conversionOf, invalidRule, missingRule, validityOf } from './validity.js';

/** Says nothing about what has to hold. */
const BESIDE = ['qualifier', 'attributes', 'store_failed_rows', 'scope', 'description'];

const OPERATORS = {
  must_be: 'eq',
  must_not_be: 'ne',
  must_be_greater_than: 'gt',
  must_be_greater_than_or_equal: 'gte',
  must_be_less_than: 'lt',
  must_be_less_than_or_equal: 'lte',
} as const;

export const isSodaContract = (value: Fields): boolean =>
  typeof value['dataset'] === 'string' && (Array.isArray(value['columns']) || Array.isArray(value['checks']));

/** Reads a data contract of Soda Core 4. */
export function importSodaContract(value: Fields, findings: Findings): void {
  const dataset = String(value['dataset']).split('/').at(-1)!;
  const filter = typeof value['filter'] === 'string' ? value['filter'] : undefined;
  const columns = Array.isArray(value['columns']) ? (value['columns'] as unknown[]) : [];
  const take = (path: Place['path'], check: unknown, column: Fields | undefined): void => {
    const [type, body] = typeAndBody(check);
    if (type === undefined) return findings.refuse(path, 'a check', 'it names no kind of check');
    findings.take(path, type, () => {
      const args = new Args(body);
      const name = args.optionalText('name');
      args.ignore(...BESIDE);
      if (args.has('column_expression') || column?.['column_expression'] !== undefined)
        throw new NotUnderstood('it looks at an expression over the column, not at the column');
      const made = [converted(type, args, column, columns, [filter, args.optionalText('filter')])].flat();
      args.end();
      return made.map((each) => ({ ...each, dataset, ...(name !== undefined && { name }) }));
    });
  };
  columns.forEach((column, at) => {
    if (!isFields(column) || typeof column['name'] !== 'string')
      return findings.refuse(['columns', at], 'a column', 'it has no name');
    const { checks } = column;
    if (Array.isArray(checks)) checks.forEach((check: unknown, n) => take(['columns', at, 'checks', n], check, column));
  });
  const { checks } = value;
  if (Array.isArray(checks)) checks.forEach((check: unknown, at) => take(['checks', at], check, undefined));
}

/** `- missing:`, `- row_count: {…}`, or `- schema`. */
function typeAndBody(check: unknown): [string, Fields] | [undefined, undefined] {
  if (typeof check === 'string') return [check, {}];
  if (!isFields(check)) return [undefined, undefined];
  const [[type, body] = [undefined, undefined]] = Object.entries(check);
  return type === undefined ? [undefined, undefined] : [type, isFields(body) ? body : {}];
}

interface Threshold {
  readonly levels: Levels;
  readonly unit: 'count' | 'percent';
  readonly time: 'minute' | 'hour' | 'day';
}

function thresholdOf(args: Args, otherwise: Requirement | undefined): Threshold {
  const given = args.any('threshold');
  if (given !== undefined && !isFields(given)) throw new NotUnderstood('its threshold is no object');
  const own = new Args(given ?? {});
  const unit = own.oneOf('metric', ['count', 'percent'], 'count');
  const time = own.oneOf('unit', ['minute', 'hour', 'day'], 'hour');
  const first = levelOf(own, otherwise);
  const more = own.any('additional');
  own.end();
  if (more === undefined) return { levels: { [first.level]: first.required }, unit, time };
  if (!isFields(more)) throw new NotUnderstood('its additional threshold is no object');
  const second = levelOf(new Args(more), undefined);
  if (first.level === second.level) throw new NotUnderstood('both its thresholds are of one level');
  return { levels: { [first.level]: first.required, [second.level]: second.required }, unit, time };
}

function levelOf(own: Args, otherwise: Requirement | undefined): { level: 'fail' | 'warn'; required: Requirement } {
  const level = own.oneOf('level', ['fail', 'warn'], 'fail');
  const found: Requirement[] = [];
  for (const name of Object.keys(OPERATORS) as (keyof typeof OPERATORS)[])
    if (own.has(name)) found.push({ is: OPERATORS[name], than: own.numeral(name) });
  for (const [name, is] of [
    ['must_be_between', 'between'],
    ['must_be_not_between', 'outside'],
  ] as const) {
    const range = own.any(name);
    if (range !== undefined) found.push(rangeOf(range, is));
  }
  if (found.length > 1) throw new NotUnderstood('its threshold has several comparisons');
  const required = found[0] ?? otherwise;
  if (required === undefined) throw new NotUnderstood('it has no threshold, so that nothing can fail');
  return { level, required };
}

function rangeOf(range: unknown, is: 'between' | 'outside'): Requirement {
  if (!isFields(range)) throw new NotUnderstood('a range of its threshold is no object');
  const own = new Args(range);
  const [gt, gte] = [own.optionalNumeral('greater_than'), own.optionalNumeral('greater_than_or_equal')];
  const [lt, lte] = [own.optionalNumeral('less_than'), own.optionalNumeral('less_than_or_equal')];
  own.end();
  const [min, max] = [gte ?? gt, lte ?? lt];
  if (min === undefined || max === undefined) throw new NotUnderstood('a range of its threshold has one end only');
  return { is, min, max, strictMin: gte === undefined, strictMax: lte === undefined };
}

const NONE: Requirement = { is: 'eq', than: 0 };
const spell = (words: string): string => words.replaceAll(' ', '_');

function converted(
  type: string,
  args: Args,
  column: Fields | undefined,
  columns: readonly unknown[],
  filters: Filters,
): Conversion | Conversion[] {
  const name = column === undefined ? undefined : String(column['name']);
  const ofColumn = (): string => {
    if (name !== undefined) return name;
    throw new NotUnderstood('it is for a column, and stands at the dataset');
  };
  const rows = (denominator: 'all' | 'checked' = 'all') => {
    const { levels, unit } = thresholdOf(args, NONE);
    return { ...whereOf(filters), ...counted(levels, unit, denominator) };
  };
  switch (type) {
    case 'missing':
      return conversionOf(missingRule(ofColumn(), validityOf(args, spell)), rows());
    case 'invalid':
      return conversionOf(invalidRule(ofColumn(), validityOf(args, spell)), rows());
    case 'duplicate':
      return name === undefined
        ? {
            rule: {
              kind: 'unique',
              columns: args.texts('columns'),
              params: { nulls: 'never_ignore', counted: 'extra_rows' },
              ...rows(),
            },
          }
        : {
            rule: {
              kind: 'unique',
              columns: [name],
              params: { nulls: 'ignore_if_any_null', counted: 'extra_rows' },
              ...rows('checked'),
            },
          };
    case 'row_count':
      return rowCount(thresholdOf(args, { is: 'gt', than: 0 }).levels, filters);
    case 'aggregate': {
      const fn = args.text('function');
      if (!isFigure(fn)) throw new NotUnderstood(`there is no figure ${JSON.stringify(fn)}`);
      return figure(fn, ofColumn(), thresholdOf(args, undefined).levels, filters);
    }
    case 'freshness': {
      if (args.has('now_variable'))
        throw new NotUnderstood('the time comes from a variable; here it is that of the run');
      const { levels, time } = thresholdOf(args, undefined);
      return freshness(args.text('column'), time, levels, filters);
    }
    case 'failed_rows':
      return failed(args, filters);
    case 'metric':
      return ownMetric(args, filters);
    case 'schema':
      return schema(args, columns);
    default:
      throw new NotUnderstood('it is no check of a contract that is known here');
  }
}

function failed(args: Args, filters: Filters): Conversion {
  const { levels, unit } = thresholdOf(args, NONE);
  const [expression, query] = [args.optionalText('expression'), args.optionalText('query')];
  if (expression !== undefined) return failedRows(expression, filters, levels, unit);
  if (query === undefined) throw new NotUnderstood('it has neither an expression nor a query');
  if (unit === 'percent') throw new NotUnderstood('a share of rows needs an expression, not a query');
  if (filters.some((each) => each !== undefined))
    throw new NotUnderstood('its query says itself which rows it is about, so a filter has no place');
  return sqlRows(query, levels);
}

function ownMetric(args: Args, filters: Filters): Conversion {
  const { levels } = thresholdOf(args, undefined);
  const [expression, query] = [args.optionalText('expression'), args.optionalText('query')];
  if (query !== undefined) return sqlNumber(query, levels);
  if (expression === undefined) throw new NotUnderstood('it has neither an expression nor a query');
  const given = filters.filter((each) => each !== undefined);
  const where = given.length === 0 ? '' : ` WHERE ${given.map((each) => `(${each}\n)`).join(' AND ')}`;
  return sqlNumber(`SELECT ${expression}\nFROM {target}${where}`, levels);
}

/** The columns that the contract lists, and their types. */
function schema(args: Args, columns: readonly unknown[]): Conversion[] {
  const listed = columns.filter(isFields);
  const extra = args.flag('allow_extra_columns', false);
  const anyOrder = args.flag('allow_other_column_order', false);
  const all = listed.map((each) => String(each['name']));
  const needed = listed.filter((each) => each['optional'] !== true).map((each) => String(each['name']));
  const names = (columnNames: readonly string[], relation: string): Conversion => ({
    rule: { kind: 'columns_match', params: { columns: columnNames, relation } },
  });
  const whole = needed.length === all.length;
  const lists =
    whole && !extra
      ? [names(all, anyOrder ? 'equal' : 'ordered_equal')]
      : [names(needed, 'superset'), ...(extra ? [] : [names(all, 'subset')])];
  const unordered = !anyOrder && !(whole && !extra);
  const types = listed.flatMap((each): Conversion[] => {
    const type = each['data_type'];
    if (typeof type !== 'string' || each['optional'] === true) return [];
    return [{ rule: { kind: 'column_type', columns: [String(each['name'])], params: { types: [type] } } }];
  });
  const [first, ...more] = lists;
  return [
    {
      ...first!,
      ...(unordered && { notes: ['the order of the columns is not checked, since some may be there or not'] }),
    },
    ...more,
    ...types,
  ];
}
