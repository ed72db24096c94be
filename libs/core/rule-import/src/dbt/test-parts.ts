import { type Args, type Numeral } from '../args.js';
import { type Conversion, NotUnderstood } from '../imported.js';
import { type Counts, thresholdOf, type TestConfig, whereIn } from './config.js';

/** What a converter is given: arguments, settings, and the column that the test stands at. */
export interface Given {
  readonly args: Args;
  readonly config: TestConfig;
  readonly column?: string;
}

export type Convert = (given: Given) => Conversion;

type Params = Readonly<Record<string, unknown>>;

/** The column of a test: where it stands, or named among its arguments. An expression is none. */
export function columnOf({ args, column }: Given, name = 'column_name'): string {
  const said = args.optionalText(name) ?? column;
  if (said === undefined) throw new NotUnderstood('it names no column');
  return plain(said);
}

/** A column by its name; dbt takes an expression as well, and in quotes a name with other signs. */
export function plain(said: string): string {
  const quoted = /^(["`])(.+)\1$/s.exec(said.trim())?.[2];
  if (quoted !== undefined) return quoted;
  if (/^[\p{L}\p{N}_$ ]+$/u.test(said.trim())) return said.trim();
  throw new NotUnderstood(`${JSON.stringify(said)} is an expression, not a column: see the kind expression`);
}

/** A rule, judged as dbt judges: it finds nothing in an empty table. */
export function judged(
  given: Given,
  counts: Counts,
  kind: string,
  {
    columns,
    params = {},
    where = [],
    other,
    nullPolicy,
    onEmpty = 'pass',
    notes,
  }: {
    readonly columns?: readonly string[];
    readonly params?: Params;
    readonly where?: readonly (string | undefined)[];
    readonly other?: string;
    readonly nullPolicy?: string;
    readonly onEmpty?: string;
    readonly notes?: readonly string[];
  },
): Conversion {
  const { failCalc } = given.config;
  if (failCalc !== undefined && counts !== 'one')
    throw new NotUnderstood(`it counts its failures by ${failCalc}; use the kind sql_scalar`);
  return {
    rule: {
      kind,
      ...(columns && { columns }),
      ...(Object.keys(params).length > 0 && { params }),
      ...whereIn(given.config.where, ...where),
      ...(nullPolicy !== undefined && { nullPolicy }),
      ...thresholdOf(given.config, counts),
      onEmpty,
    },
    ...(other !== undefined && { other }),
    ...(given.config.tags && { tags: given.config.tags }),
    ...(notes && { notes }),
  };
}

/** Values of a list. In quotes, as dbt writes them into SQL, a number is a text that the column reads; without, it is SQL. */
export function valuesOf(args: Args, name: string, quote: string): readonly (string | boolean | number | null)[] {
  const quoted = args.flag(quote, true);
  return args.values(name).map((each) => {
    if (each === null || typeof each === 'boolean') return each;
    if (quoted) return String(each);
    if (typeof each === 'number' || /^-?\d+(\.\d+)?$/.test(each)) return each;
    const text = /^'((?:[^']|'')*)'$/.exec(each.trim())?.[1];
    if (text !== undefined) return text.replaceAll("''", "'");
    throw new NotUnderstood(
      `the value ${JSON.stringify(each)} is written into SQL without quotes, so that it may be anything`,
    );
  });
}

/** A bound as it stands in SQL: a number, or a text in quotes. */
export function sqlBound(args: Args, name: string): Numeral | undefined {
  const bound = args.optionalBound(name);
  if (bound === undefined || typeof bound === 'number' || /^-?\d+(\.\d+)?$/.test(bound)) return bound;
  const text = /^(?:date\s+|timestamp\s+)?'([^']*)'$/i.exec(bound.trim())?.[1];
  if (text !== undefined) return text;
  throw new NotUnderstood(`"${name}" is the expression ${JSON.stringify(bound)}, not a number or a date`);
}

/** `min_value`, `max_value`, and whether the ends belong to them. */
export function bounds(args: Args, strict: boolean): Params {
  const [min, max] = [sqlBound(args, 'min_value'), sqlBound(args, 'max_value')];
  return {
    ...(min !== undefined && { min, ...(strict && { strictMin: true }) }),
    ...(max !== undefined && { max, ...(strict && { strictMax: true }) }),
  };
}

/** A list of columns, or one. */
export function columnsIn(args: Args, name: string): readonly string[] {
  const value = args.any(name);
  const list = value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
  return list.map((each) => {
    if (typeof each !== 'string') throw new NotUnderstood(`"${name}" is no list of columns`);
    return plain(each);
  });
}

const UNITS = ['second', 'minute', 'hour', 'day', 'week'];

/** The unit of an age. Months differ in length. */
export function ageUnit(args: Args, name: string): string {
  const unit = args.text(name).toLowerCase().replace(/s$/, '');
  if (UNITS.includes(unit)) return unit;
  throw new NotUnderstood(`the unit ${JSON.stringify(unit)} is none of ${UNITS.join(', ')}`);
}
