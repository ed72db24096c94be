import { type ColumnData, dataOf, kindOf, type Node } from '../parse/tree.js';
import type { SqlDialect } from '../types.js';

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Units of time as some database spells them: words, though the parser takes them for columns. */
const UNITS = set(`
  nanosecond nanoseconds nsecond nsec ns microsecond microseconds usecond us mcs millisecond milliseconds msecond ms second seconds sec
  secs s ss minute minutes min mins mi n hour hours hh h day days dd d dayofyear doy dy y weekday dayofweek dow dayofweekiso dow_iso dw
  week weeks weekofyear weekiso week_iso isoweek iso_week isowk isoww wk ww month months mon mons mm m quarter quarters qtr q qq year
  years yr yrs yy yyyy isoyear decade decades century centuries millennium millennia epoch epoch_second epoch_millisecond
  timezone_hour timezone_minute tzoffset sql_tsi_frac_second sql_tsi_microsecond sql_tsi_second sql_tsi_minute sql_tsi_hour
  sql_tsi_day sql_tsi_week sql_tsi_month sql_tsi_quarter sql_tsi_year second_microsecond minute_microsecond minute_second
  hour_microsecond hour_second hour_minute day_microsecond day_second day_minute day_hour year_month
`);
const FORMS = set('date time datetime timestamp');

/** Where a function of three arguments has its unit: `timestampdiff(MONTH, a, b)`, `date_diff(a, b, MONTH)`. */
const UNIT_OF_THREE = set(`
  timestampdiff timestampadd datediff datediff_big dateadd datesub date_diff date_add date_sub timestamp_diff timestamp_add
  timestamp_sub datetime_diff time_diff timediff timeadd age date_bucket
`);
/** Functions with a unit before one value, `date_part(year, a)`; and behind it, `date_trunc(a, MONTH)`. */
const UNIT_OF_TWO = set(
  'date_part datepart datename datetrunc date_trunc timestamp_trunc datetime_trunc time_trunc trunc last_day',
);
/** Databases whose CONVERT has the value before the type. */
const TYPE_BEHIND: ReadonlySet<SqlDialect> = new Set(['mysql', 'doris', 'starrocks']);

const word = (node: Node | undefined): string | undefined => {
  if (!node || kindOf(node) !== 'column') return undefined;
  const { name, table } = dataOf<ColumnData>(node);
  return table || name.quoted === true ? undefined : name.name.toLowerCase();
};

/** `WEEK(MONDAY)` is a unit, too. */
function isUnit(node: Node | undefined): boolean {
  if (node && kindOf(node) === 'function') {
    const { name, args = [] } = dataOf<{ name?: unknown; args?: readonly Node[] }>(node);
    return (
      typeof name === 'string' &&
      name.toLowerCase() === 'week' &&
      args.length === 1 &&
      word(args[0])?.endsWith('day') === true
    );
  }
  return UNITS.has(word(node) ?? '');
}

/** The arguments of a call that are values: without units of time and names of types, which stand there as bare words. */
export function valuesAmong(called: string, args: readonly Node[], dialect: SqlDialect): readonly Node[] {
  const name = called.toLowerCase();
  if (args.length < 2 || args.length > 4) return args;
  if (args.length >= 3 && UNIT_OF_THREE.has(name)) {
    if (isUnit(args[0])) return args.slice(1);
    return isUnit(args[2]) ? args.slice(0, 2) : args;
  }
  if (UNIT_OF_TWO.has(name)) {
    if (isUnit(args[1])) return [...args.slice(0, 1), ...args.slice(2)];
    return isUnit(args[0]) && !/^(trunc|last_day)$/.test(name) ? args.slice(1) : args;
  }
  if (name === 'convert' && TYPE_BEHIND.has(dialect)) return args.slice(0, 1);
  if (name === 'convert' && dialect === 'redshift') return args.slice(1);
  if (name === 'normalize' && /^nfk?[cd]$/.test(word(args[1]) ?? '')) return args.slice(0, 1);
  if (name === 'get_format' && FORMS.has(word(args[0]) ?? '')) return args.slice(1);
  return args;
}
