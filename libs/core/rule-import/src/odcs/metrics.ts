import { Args, isFields } from '../args.js';
import { type Conversion, NotUnderstood, type RuleText } from '../imported.js';
import { measured, meetsZero, ofShare, type Requirement, thresholdOn } from '../requirement.js';
import { requirementOf } from './operators.js';

/** A threshold on violations, and what an empty table is: there is nothing wrong in it to count. */
function counted(required: Requirement, unit: string): Pick<RuleText, 'threshold' | 'onEmpty' | 'denominator'> {
  const inPercent = unit === 'percent';
  const threshold = inPercent
    ? thresholdOn('ratio', { fail: ofShare(required) })
    : thresholdOn('count', { fail: required });
  return {
    ...(threshold && { threshold }),
    ...(inPercent && { denominator: 'all' }),
    onEmpty: meetsZero(required) ? 'pass' : 'fail',
  };
}

function unitOf(args: Args): string {
  const unit = args.optionalText('unit') ?? 'rows';
  if (unit === 'rows' || unit === 'percent') return unit;
  throw new NotUnderstood(`its unit ${JSON.stringify(unit)} is neither rows nor percent`);
}

const one = (property: string | undefined, metric: string): readonly string[] => {
  if (property !== undefined) return [property];
  throw new NotUnderstood(`${metric} is for a property, and this check is one of the whole object`);
};

/** A check by one of the standard's own metrics. */
export function ofMetric(args: Args, metric: string, property: string | undefined): Conversion {
  const given = args.any('arguments');
  if (given !== undefined && !isFields(given)) throw new NotUnderstood('its "arguments" are no object');
  const own = new Args(given ?? {});
  const made = byMetric(metric, args, own, property);
  own.end();
  return made;
}

function byMetric(metric: string, args: Args, own: Args, property: string | undefined): Conversion {
  const required = requirementOf(args);
  switch (metric) {
    case 'rowCount': {
      if (unitOf(args) !== 'rows') throw new NotUnderstood('a number of rows is not in percent');
      if (property !== undefined)
        throw new NotUnderstood('rowCount is for the whole object, and this check is one of a property');
      const { params, threshold } = measured({ fail: required });
      return { rule: { kind: 'row_count', params, ...(threshold && { threshold }) } };
    }
    case 'nullValues':
      return { rule: { kind: 'not_null', columns: one(property, metric), ...counted(required, unitOf(args)) } };
    case 'missingValues':
      return missing(own.values('missingValues'), one(property, metric), counted(required, unitOf(args)));
    case 'invalidValues':
      return invalid(own, one(property, metric), counted(required, unitOf(args)));
    case 'duplicateValues': {
      const columns = property === undefined ? own.texts('properties') : [property];
      const { threshold } = counted(required, unitOf(args));
      return {
        rule: {
          kind: 'unique',
          columns,
          params: { nulls: 'ignore_if_any_null', counted: 'extra_rows' },
          ...counted(required, unitOf(args)),
        },
        ...(threshold !== undefined && {
          notes: [
            'the standard does not say how duplicates are counted: rows beyond the first of each value are counted here',
          ],
        }),
      };
    }
    default:
      throw new NotUnderstood(`the standard has no metric ${JSON.stringify(metric)}`);
  }
}

type Judged = ReturnType<typeof counted>;

function missing(values: readonly unknown[], columns: readonly string[], judged: Judged): Conversion {
  const others = values.filter((each) => each !== null);
  if (values.includes(null))
    return {
      rule: { kind: 'not_null', columns, ...(others.length > 0 && { params: { treatAsNull: others } }), ...judged },
    };
  // An absent value is not among those that count as missing.
  return { rule: { kind: 'not_in_set', columns, params: { values: others }, nullPolicy: 'pass', ...judged } };
}

function invalid(own: Args, columns: readonly string[], judged: Judged): Conversion {
  const hasValues = own.has('validValues');
  if (hasValues === own.has('pattern'))
    throw new NotUnderstood(
      hasValues
        ? 'it has validValues and a pattern; make two checks of it'
        : 'it has neither validValues nor a pattern',
    );
  if (!hasValues) {
    const pattern = own.text('pattern');
    const tied = pattern.startsWith('^') && pattern.endsWith('$');
    return {
      rule: { kind: 'regex', columns, params: { patterns: [pattern], anchor: 'search' }, ...judged },
      ...(!tied && {
        notes: ['the pattern may be met anywhere in the text: the standard does not say, and ^ and $ would'],
      }),
    };
  }
  const values = own.values('validValues');
  return {
    rule: {
      kind: 'in_set',
      columns,
      params: { values: values.filter((each) => each !== null) },
      // Listed as valid, an absent value is checked and right; otherwise it is not looked at.
      ...(values.includes(null) && { nullPolicy: 'pass' }),
      ...judged,
    },
  };
}
