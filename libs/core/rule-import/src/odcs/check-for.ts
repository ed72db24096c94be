import { type Bound, type Rule, checkRule, decimalText, toDecimal } from '#core/rule-engine';

import { type Fields, type Numeral } from '../args.js';
import { type RuleText } from '../imported.js';
import { numeral, type Requirement } from '../requirement.js';
import { operatorFor } from './operators.js';

/** A check of the standard, and whether it stands at a property or at the whole object. */
export interface StandardCheck {
  readonly check: Fields;
  readonly atProperty: boolean;
}

/**
 * The check of the standard that comes nearest to a rule; undefined when it would say something else. What only a rule can say, as what
 * becomes of an empty table, may be missing from it.
 */
export function checkFor(given: RuleText): StandardCheck | undefined {
  const rule = checkRule(given);
  if (rule.where !== undefined || rule.threshold?.warn !== undefined) return undefined;
  const { params } = rule;
  switch (rule.kind) {
    case 'not_null': {
      const missing = params['treatAsNull'] as readonly unknown[] | undefined;
      return missing === undefined
        ? ofRows(rule, { metric: 'nullValues' })
        : ofRows(rule, {
            metric: 'missingValues',
            arguments: { missingValues: [null, ...missing.filter((each) => each !== null)] },
          });
    }
    case 'in_set': {
      if (params['caseInsensitive'] === true || rule.nullPolicy === 'fail') return undefined;
      const values = (params['values'] as readonly unknown[]).filter((each) => each !== null);
      const valid = rule.nullPolicy === 'pass' ? [...values, null] : values;
      return ofRows(rule, { metric: 'invalidValues', arguments: { validValues: valid } });
    }
    case 'regex': {
      const patterns = params['patterns'] as readonly string[];
      const plain = patterns.length === 1 && params['anchor'] === 'search' && params['match'] === 'all';
      if (!plain || params['caseInsensitive'] === true || rule.nullPolicy !== 'ignore') return undefined;
      return ofRows(rule, { metric: 'invalidValues', arguments: { pattern: patterns[0] } });
    }
    case 'unique': {
      if (rule.threshold !== undefined && params['counted'] !== 'extra_rows') return undefined;
      const single = rule.columns.length === 1;
      return ofRows(
        rule,
        { metric: 'duplicateValues', ...(!single && { arguments: { properties: rule.columns } }) },
        single,
      );
    }
    case 'row_count':
      if ((params['groupBy'] as readonly unknown[]).length > 0) return undefined;
      return ofValue(rule, { type: 'library', metric: 'rowCount' });
    case 'sql_scalar':
      return ofValue(rule, { type: 'sql', query: String(params['sql']).replaceAll('{target}', '{object}') });
    default:
      return undefined;
  }
}

function ofRows(rule: Rule, metric: Fields, atProperty = true): StandardCheck | undefined {
  const { threshold, denominator, kind } = rule;
  if (threshold?.metric === 'ratio' && denominator !== 'all' && kind !== 'not_null') return undefined;
  const fail = threshold?.fail ?? { gt: 0 };
  const required = requirementBehind(fail);
  const operator = operatorFor(threshold?.metric === 'ratio' ? inPercent(required) : simplest(required));
  if (operator === undefined) return undefined;
  const unit = threshold?.metric === 'ratio' ? { unit: 'percent' } : {};
  return { check: { type: 'library', ...metric, ...operator, ...unit }, atProperty };
}

function ofValue({ params, threshold }: Rule, check: Fields): StandardCheck | undefined {
  const { min, max, strictMin, strictMax } = params as {
    min?: Numeral;
    max?: Numeral;
    strictMin?: boolean;
    strictMax?: boolean;
  };
  const bounded = min !== undefined || max !== undefined;
  // The standard has one condition; with two the rule keeps both.
  if (bounded === (threshold?.metric === 'value' && threshold.fail !== undefined)) return undefined;
  const required = bounded
    ? between(min, max, strictMin === true, strictMax === true)
    : requirementBehind(threshold!.fail!);
  const operator = operatorFor(required);
  return operator === undefined ? undefined : { check: { ...check, ...operator }, atProperty: false };
}

function between(
  min: Numeral | undefined,
  max: Numeral | undefined,
  strictMin: boolean,
  strictMax: boolean,
): Requirement {
  if (max === undefined) return { is: strictMin ? 'gt' : 'gte', than: min! };
  if (min === undefined) return { is: strictMax ? 'lt' : 'lte', than: max };
  if (min === max) return { is: 'eq', than: min };
  return { is: 'between', min, max, strictMin, strictMax };
}

/** What must hold, from when the rule fails. */
function requirementBehind(fail: Bound): Requirement {
  const { eq, ne, gt, gte, lt, lte, between: within, notBetween } = fail;
  if (eq !== undefined) return { is: 'ne', than: eq };
  if (ne !== undefined) return { is: 'eq', than: ne };
  if (gt !== undefined) return { is: 'lte', than: gt };
  if (gte !== undefined) return { is: 'lt', than: gte };
  if (lt !== undefined) return { is: 'gte', than: lt };
  if (lte !== undefined) return { is: 'gt', than: lte };
  // Of a condition that was checked, one property is there.
  const { min, max, strictMin = false, strictMax = false } = (within ?? notBetween)!;
  return { is: within === undefined ? 'between' : 'outside', min, max, strictMin, strictMax };
}

/** No more than none is none. */
const simplest = (required: Requirement): Requirement =>
  required.is === 'lte' && Number(required.than) === 0 ? { is: 'eq', than: 0 } : required;

function inPercent(required: Requirement): Requirement {
  const hundred = (of: Numeral): Numeral => {
    const { units, scale } = toDecimal(of)!;
    return numeral(decimalText({ units: units * 100n, scale }));
  };
  return 'than' in required
    ? { ...required, than: hundred(required.than) }
    : { ...required, min: hundred(required.min), max: hundred(required.max) };
}
