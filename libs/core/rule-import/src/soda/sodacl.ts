import { Args, type Fields, isFields } from '../args.js';
import { type Conversion, type Findings, NotUnderstood } from '../imported.js';
import { type Levels } from '../requirement.js';
import { metricLine, unless } from './check-line.js';
import { counted, failedRows, type Filters, sqlNumber, sqlRows, whereOf } from './common.js';
import { figure, freshness, isFigure, percentile, rowCount, SECONDS, unitFor } from './metrics.js';
import { schemaRules } from './schema.js';
import { conversionOf, invalidRule, missingRule, type Validity, validityOf } from './validity.js';

/** Says nothing about what has to hold. */
const BESIDE = ['name', 'samples limit', 'samples columns', 'attributes', 'identity', 'title', 'failed rows query'];

/** What a whole file says of its datasets beside their checks. */
interface Datasets {
  /** Filters of named parts: `filter orders [daily]`. */
  readonly filters: ReadonlyMap<string, string>;
  /** `configurations for orders`: which values of a column are missing or valid, by dataset and column. */
  readonly columns: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

const CHECKS = /^checks for\s+(.+?)(?:\s+\[(.+)\])?$/is;
const FILTER = /^filter\s+(.+?)\s+\[(.+)\]$/is;
const CONFIGURATIONS = /^configurations for\s+(.+)$/is;
const LATER =
  /^(for each (dataset|table|column)|automated monitoring|profile columns|discover (datasets|tables)|sample (datasets|tables)|reconciliation)\b/i;

export const isSodaCl = (value: Fields): boolean => Object.keys(value).some((header) => CHECKS.test(header));

/** Reads a file of SodaCL, the language of Soda Core 3. */
export function importSodaCl(value: Fields, findings: Findings): void {
  const datasets = datasetsIn(value);
  for (const [header, content] of Object.entries(value)) {
    const [, dataset, part] = CHECKS.exec(header) ?? [];
    if (dataset !== undefined) {
      const filter = part === undefined ? undefined : datasets.filters.get(`${dataset}\n${part}`);
      if (part !== undefined && filter === undefined) findings.refuse([header], header, `there is no filter ${part}`);
      else readSection(findings, header, content, dataset, filter, datasets);
    } else if (header.startsWith('variables')) {
      findings.refuse([header], header, 'values of variables are only known when Soda runs');
    } else if (!FILTER.test(header) && !CONFIGURATIONS.test(header)) {
      const known = LATER.test(header);
      findings.refuse(
        [header],
        header,
        known ? 'it is about datasets that Soda finds when it runs' : 'it is no section that is known here',
      );
    }
  }
}

function datasetsIn(value: Fields): Datasets {
  const filters = new Map<string, string>();
  const columns = new Map<string, Record<string, unknown>>();
  for (const [header, content] of Object.entries(value)) {
    const [, dataset, part] = FILTER.exec(header) ?? [];
    if (dataset !== undefined && isFields(content) && typeof content['where'] === 'string')
      filters.set(`${dataset}\n${part}`, content['where']);
    const [, configured] = CONFIGURATIONS.exec(header) ?? [];
    if (configured !== undefined && isFields(content))
      for (const [key, given] of Object.entries(content)) {
        const [words = '', column] = key.split(' for ');
        const known = columns.get(`${configured}\n${column}`) ?? {};
        columns.set(`${configured}\n${column}`, { ...known, [words]: given });
      }
  }
  return { filters, columns };
}

function readSection(
  findings: Findings,
  header: string,
  content: unknown,
  dataset: string,
  filter: string | undefined,
  datasets: Datasets,
): void {
  if (!Array.isArray(content)) return findings.refuse([header], header, 'it has no list of checks');
  content.forEach((check: unknown, at) => {
    const [line, config] = lineOf(check);
    if (line === undefined) return findings.refuse([header, at], 'a check', 'it is no line of a check');
    findings.take([header, at], line, () => {
      if (config !== undefined && !isFields(config))
        throw new NotUnderstood('what stands below it is no list of settings');
      const args = new Args(config ?? {});
      const name = args.optionalText('name') ?? args.optionalText('title');
      const filters = [filter, args.optionalText('filter')];
      args.ignore(...BESIDE);
      const made = [
        converted(line, args, filters, (column) => datasets.columns.get(`${dataset}\n${column}`) ?? {}),
      ].flat();
      args.end();
      return made.map((each) => ({ ...each, dataset, ...(name !== undefined && { name }) }));
    });
  });
}

/** A check is a line, or a line with what stands below it. */
function lineOf(check: unknown): [string?, unknown?] {
  if (typeof check === 'string') return [check];
  if (!isFields(check)) return [];
  const [entry, ...more] = Object.entries(check);
  return entry !== undefined && more.length === 0 ? [entry[0], entry[1] ?? undefined] : [];
}

type ColumnSettings = (column: string) => Fields;

function converted(line: string, args: Args, filters: Filters, settings: ColumnSettings): Conversion | Conversion[] {
  const said = line.trim();
  if (said === 'schema') return schema(args);
  if (said === 'failed rows') return failed(args, filters);
  const same = /^row_count same as\s+(\S+?)(?:\s+in\s+(\S+))?$/i.exec(said);
  if (same) {
    if (same[2] !== undefined)
      throw new NotUnderstood('the other dataset is in another source: name it when you add the rule');
    return { rule: { kind: 'row_count_compare', onEmpty: 'pass' }, other: same[1]! };
  }
  const reference = /^values in \(?\s*([^()]+?)\s*\)? must( not)? exist in\s+(\S+)\s*\(?\s*([^()]+?)\s*\)?$/i.exec(
    said,
  );
  if (reference) {
    if (reference[2] !== undefined)
      throw new NotUnderstood('there is no kind for values that must not be found in another dataset');
    const names = (list: string) => list.split(',').map((each) => each.trim());
    return {
      rule: {
        kind: 'foreign_key',
        columns: names(reference[1]!),
        params: { refColumns: names(reference[4]!) },
        ...counted({ fail: { is: 'eq', than: 0 } }, 'count'),
      },
      other: reference[3]!,
    };
  }
  for (const [pattern, reason] of NOT_HERE) if (pattern.test(said)) throw new NotUnderstood(reason);
  return metric(said, args, filters, settings);
}

const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [/^change\b|^same day last week/i, 'it compares with earlier runs: see the kinds anomaly and rate_of_change'],
  [/^anomaly (detection|score)/i, 'it learns what is usual from earlier runs in Soda: see the kind anomaly'],
  [/^distribution_difference/i, 'its baseline is in a file of its own: see the kind drift'],
  [/^group (by|evolution)/i, 'it makes checks from groups that Soda finds when it runs'],
  [/^\$/, 'it is a template, which Soda Core itself does not know'],
];

function schema(args: Args): Conversion[] {
  const levels = (['fail', 'warn'] as const).flatMap((level) => {
    const said = args.any(level);
    if (said === undefined) return [];
    if (!isFields(said)) throw new NotUnderstood(`what stands under "${level}" is not understood`);
    return schemaRules(level, said);
  });
  if (levels.length === 0) throw new NotUnderstood('it says neither what fails nor what warns');
  return levels;
}

function levelsOf(args: Args, otherwise?: Levels): Levels {
  const [fail, warn] = [args.optionalText('fail'), args.optionalText('warn')];
  if (fail === undefined && warn === undefined) {
    if (otherwise !== undefined) return otherwise;
    throw new NotUnderstood('it has no threshold');
  }
  return { ...(fail !== undefined && { fail: unless(fail) }), ...(warn !== undefined && { warn: unless(warn) }) };
}

const NONE: Levels = { fail: { is: 'eq', than: 0 } };

function failed(args: Args, filters: Filters): Conversion {
  const [condition, query] = [args.optionalText('fail condition'), args.optionalText('fail query')];
  const levels = levelsOf(args, NONE);
  if (condition !== undefined) return failedRows(condition, filters, levels, 'count');
  if (query === undefined) throw new NotUnderstood('it has neither a condition nor a query');
  if (filters.some((each) => each !== undefined))
    throw new NotUnderstood('its query says itself which rows it is about, so a filter has no place');
  return sqlRows(query, levels);
}

function metric(said: string, args: Args, filters: Filters, settings: ColumnSettings): Conversion {
  const line = metricLine(said);
  const levels = line.required === undefined ? levelsOf(args) : { fail: line.required };
  const [column] = line.args;
  const one = (): string => {
    if (column !== undefined && line.args.length === 1) return column;
    throw new NotUnderstood(`${line.metric} is of one column`);
  };
  const validity = (of: string): Validity => {
    const [here, there] = [validityOf(args, words), validityOf(new Args(settings(of)), words)];
    return { ...there, ...here };
  };
  const rows = (of: string | undefined) => ({
    ...whereOf(filters),
    ...counted(levels, of === 'percent' ? 'percent' : 'count'),
  });
  const [, what, unit] = /^(missing|invalid|duplicate)_(count|percent)$/.exec(line.metric) ?? [];
  switch (what) {
    case 'missing':
      return conversionOf(missingRule(one(), validity(one())), rows(unit));
    case 'invalid':
      return conversionOf(invalidRule(one(), validity(one())), rows(unit));
    case 'duplicate':
      return {
        rule: {
          kind: 'unique',
          columns: line.args,
          // Values that occur more than once are counted, not their rows.
          params: { nulls: 'ignore_if_any_null', counted: 'groups' },
          ...rows(unit),
        },
      };
    default:
  }
  if (line.metric === 'row_count') return rowCount(levels, filters);
  if (line.metric === 'freshness') return fresh(line.args, levels, filters);
  if (line.metric === 'percentile' && line.args.length === 2)
    return percentile(column!, line.args[1]!, levels, filters);
  if (isFigure(line.metric) && column !== undefined) return figure(line.metric, one(), levels, filters);
  return ofOwnMetric(line.metric, args, levels, filters);
}

const words = (spelled: string): string => spelled;

/** In SodaCL exactly as old as allowed is fresh, whatever the sign says. */
function fresh(args: readonly string[], levels: Levels, filters: Filters): Conversion {
  const [column, variable] = args;
  if (column === undefined) throw new NotUnderstood('freshness is of a column');
  if (variable !== undefined)
    throw new NotUnderstood(`the time comes from the variable ${variable}; here it is that of the run`);
  const unit = unitFor(levels);
  const inUnit = (level: Levels['fail']): Levels['fail'] => {
    if (level === undefined) return undefined;
    if (!('than' in level) || (level.is !== 'lt' && level.is !== 'lte'))
      throw new NotUnderstood('freshness has an upper bound only');
    return { is: 'lte', than: Number(level.than) / SECONDS[unit] };
  };
  const [fail, warn] = [inUnit(levels.fail), inUnit(levels.warn)];
  const made = freshness(column, unit, { ...(fail && { fail }), ...(warn && { warn }) }, filters);
  return { ...made, notes: ['a date without a time is as old as its morning here, and as its evening in Soda'] };
}

function ofOwnMetric(name: string, args: Args, levels: Levels, filters: Filters): Conversion {
  const [expression, query] = [args.optionalText(`${name} expression`), args.optionalText(`${name} query`)];
  if (expression === undefined && query === undefined)
    throw new NotUnderstood(`there is no metric ${JSON.stringify(name)} here`);
  if (query !== undefined) return sqlNumber(query, levels);
  const given = filters.filter((each) => each !== undefined);
  const where = given.length === 0 ? '' : ` WHERE ${given.map((each) => `(${each}\n)`).join(' AND ')}`;
  return sqlNumber(`SELECT ${expression}\nFROM {target}${where}`, levels);
}
