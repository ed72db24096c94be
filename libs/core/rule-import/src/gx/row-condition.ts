import { type Comparison, type Condition, type Expression, printCondition } from '#core/rule-engine';

import { type Args, type Fields, isFields } from '../args.js';
import { conditionOf } from '../conditions.js';
import { NotUnderstood } from '../imported.js';

const SIGNS: Readonly<Record<string, Comparison>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};

/**
 * The `row_condition` of an expectation. Its text is in the language of the engine that `condition_parser` names: pandas, Spark's SQL,
 * or Great Expectations' own. From version 1.8 on it is a tree.
 */
export function rowCondition(args: Args): Condition | undefined {
  const condition = args.any('row_condition');
  const parser = args.optionalText('condition_parser');
  if (condition === undefined || condition === '') return undefined;
  if (isFields(condition)) return printCondition(ofTree(condition));
  if (typeof condition !== 'string') throw new NotUnderstood('its "row_condition" is neither a text nor a tree');
  switch (parser) {
    case 'spark':
      return conditionOf(condition);
    case 'great_expectations':
    case 'great_expectations__experimental__':
      return printCondition(ofText(condition, OWN_COLUMN, 'sql'));
    case 'pandas':
      return printCondition(ofText(condition, PANDAS_COLUMN, 'pandas'));
    default:
      throw new NotUnderstood(
        parser === undefined
          ? 'its "row_condition" has no "condition_parser", so that its language is not known'
          : `"condition_parser" is ${JSON.stringify(parser)}; known are pandas, spark and great_expectations`,
      );
  }
}

function ofTree(node: Fields): Expression {
  const parts = () => {
    if (!Array.isArray(node['conditions'])) throw new NotUnderstood('a part of its "row_condition" has no conditions');
    return (node['conditions'] as unknown[]).map((each) => {
      if (!isFields(each)) throw new NotUnderstood('a part of its "row_condition" is no condition');
      return ofTree(each);
    });
  };
  const column = () => {
    const name = isFields(node['column']) ? node['column']['name'] : undefined;
    if (typeof name !== 'string') throw new NotUnderstood('a part of its "row_condition" names no column');
    return { column: name };
  };
  switch (node['type']) {
    case 'and':
    case 'or':
      return { op: node['type'], args: parts() };
    case 'nullity': {
      const absent: Expression = { op: 'is_null', value: column() };
      return node['is_null'] === true ? absent : { op: 'not', arg: absent };
    }
    case 'comparison':
      return ofComparison(String(node['operator']), column(), node['parameter']);
    default:
      throw new NotUnderstood(`its "row_condition" has a part of type ${JSON.stringify(node['type'])}`);
  }
}

function ofComparison(operator: string, column: { column: string }, parameter: unknown): Expression {
  if (operator === 'IN' || operator === 'NOT_IN') {
    if (!Array.isArray(parameter)) throw new NotUnderstood('a list of its "row_condition" is no list');
    const within: Expression = { op: 'in', value: column, list: parameter.map(literal) };
    return operator === 'IN' ? within : { op: 'not', arg: within };
  }
  const op = SIGNS[operator];
  if (op === undefined) throw new NotUnderstood(`its "row_condition" compares by ${JSON.stringify(operator)}`);
  return { op, left: column, right: { literal: literal(parameter) } };
}

function literal(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new NotUnderstood('its "row_condition" compares with something that is no text, number or truth value');
}

const OWN_COLUMN = /^col\(\s*(?:"([^"]*)"|'([^']*)')\s*\)/;
const PANDAS_COLUMN = /^(?:`([^`]+)`|([\p{L}_][\p{L}\p{N}_]*))/u;
const NULLITY = /^\.(notnull|notna|isnull|isna)\(\)/i;
const SIGN = /^(==|!=|<=|>=|<|>)/;
const LITERAL = /^(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+(?:\.\d+)?)|(True|False|true|false)\b)/;
const JOIN = /^(and\b|or\b|AND\b|OR\b|&&?|\|\|?)/;

/** Comparisons of columns with values, joined by and and or, with parentheses: the part that both languages share. */
function ofText(text: string, columnPattern: RegExp, language: 'pandas' | 'sql'): Expression {
  let left = text.trim();
  const refuse = (): never => {
    throw new NotUnderstood(
      `its "row_condition" ${JSON.stringify(text)} is not understood at ${JSON.stringify(left.slice(0, 20))}`,
    );
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(left);
    if (found) left = left.slice(found[0].length).trimStart();
    return found ?? undefined;
  };
  const atom = (): Expression => {
    if (take(/^\(/)) {
      const inside = whole();
      if (!take(/^\)/)) refuse();
      return inside;
    }
    const name = take(columnPattern) ?? refuse();
    const column = { column: name[1] ?? name[2] ?? '' };
    const nullity = take(NULLITY);
    if (nullity) {
      const absent: Expression = { op: 'is_null', value: column };
      return /^is/i.test(nullity[1]!) ? absent : { op: 'not', arg: absent };
    }
    const sign = take(SIGN) ?? refuse();
    const [, double, single, number, truth] = take(LITERAL) ?? refuse();
    const value = double ?? single ?? (truth === undefined ? numberOrText(number!) : truth.toLowerCase() === 'true');
    const compared = ofComparison(sign[1]!, column, value);
    // To pandas an absent value differs from every other.
    return sign[1] === '!=' && language === 'pandas'
      ? { op: 'or', args: [compared, { op: 'is_null', value: column }] }
      : compared;
  };
  const chain = (op: 'and' | 'or', words: RegExp, part: () => Expression): Expression => {
    const parts = [part()];
    for (let join = JOIN.exec(left); join && words.test(join[1]!); join = JOIN.exec(left)) {
      take(JOIN);
      parts.push(part());
    }
    return parts.length === 1 ? parts[0]! : { op, args: parts };
  };
  const whole = (): Expression => chain('or', /^(or|\|\|?)$/i, () => chain('and', /^(and|&&?)$/i, atom));
  const tree = whole();
  return left === '' ? tree : refuse();
}

const numberOrText = (text: string): number | string => (String(Number(text)) === text ? Number(text) : text);
