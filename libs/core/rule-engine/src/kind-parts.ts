import { Type } from 'typebox';

import { inList, LONGEST_LIST, termOf } from './bind-expression.js';
import { type ColumnFact } from './facts.js';
import { fault } from './faults.js';
import { type Ask } from './rule-kind.js';
import { brokenThough } from './sql/nullness.js';
import { absent, all, any, call, compared, FALSE, matches, not, notTrue, type Test, TEXT, TRUE } from './sql/term.js';
import { storable } from './typed-values.js';

/** Parameters that several kinds of rules share, so that they mean the same in each. */

export const ValuesList = (title: string, zh: string) =>
  Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]), {
    maxItems: LONGEST_LIST,
    title,
    'x-title-zh': zh,
    description: 'As the column has them: texts, numbers ("0.10" when they must be exact), dates as 2026-02-28.',
    'x-description-zh': '按字段类型填写：文本、数字（需精确时写成 "0.10"）、日期（2026-02-28）。',
  });

export const TreatAsNull = Type.Optional(ValuesList('Values that count as absent', '视为空值的取值'));

export const CaseInsensitive = Type.Boolean({
  default: false,
  title: 'Small letters and capitals are the same',
  'x-title-zh': '不区分大小写',
});

export const RowNulls = Type.Enum(['ignore_if_any_null', 'ignore_if_all_null', 'never_ignore'], {
  default: 'ignore_if_any_null',
  title: 'Rows with absent values',
  'x-title-zh': '含空值的行',
  description:
    'ignore_if_any_null: not checked when a value is absent. ignore_if_all_null: not checked when all are. never_ignore: checked. What is checked and has an absent value breaks the rule unless it is met all the same.',
  'x-description-zh':
    'ignore_if_any_null：任一为空则不检查；ignore_if_all_null：全部为空才不检查；never_ignore：始终检查。被检查且含空值的行，除非仍满足规则，否则视为违规。',
});

export const NullsEqual = Type.Boolean({
  default: false,
  title: 'Absent values equal each other',
  'x-title-zh': '空值之间视为相等',
});

export const MatchOf = Type.Enum(['all', 'any', 'none', 'not_all'], {
  default: 'all',
  title: 'Patterns that are met',
  'x-title-zh': '匹配方式',
  description: 'all: every one. any: at least one. none: not one. not_all: at least one is not met.',
  'x-description-zh': 'all：全部匹配；any：至少匹配一个；none：一个都不匹配；not_all：至少有一个不匹配。',
});

/** Says whether tests of several patterns together let a value pass. */
export function met(match: string, tests: readonly Test[]): Test {
  switch (match) {
    case 'any':
      return any(...tests);
    case 'none':
      return not(any(...tests));
    case 'not_all':
      return not(all(...tests));
    default:
      return all(...tests);
  }
}

/** What is said of patterns, in both languages. */
export function metWords(match: string, patterns: readonly string[]): { en: string; zh: string } {
  const shown = patterns.slice(0, 3).join(', ') + (patterns.length > 3 ? ', …' : '');
  switch (match) {
    case 'any':
      return { en: `matches at least one of ${shown}`, zh: `至少匹配 ${shown} 之一` };
    case 'none':
      return { en: `matches none of ${shown}`, zh: `不匹配 ${shown}` };
    case 'not_all':
      return { en: `does not match all of ${shown}`, zh: `不全部匹配 ${shown}` };
    default:
      return { en: `matches ${shown}`, zh: `匹配 ${shown}` };
  }
}

/** The value is absent, or one of those that the rule takes for absent. */
export function missing(column: ColumnFact, treatAsNull: readonly unknown[] | undefined): Test {
  const term = termOf(column);
  if (treatAsNull === undefined || treatAsNull.every((each) => each === null)) return absent(term);
  return any(absent(term), inList(column, treatAsNull, ['params', 'treatAsNull']));
}

export function expectText({ name, nativeType, typeFamily }: ColumnFact, what: string): void {
  if (typeFamily !== 'text')
    throw fault(`"${name}" is ${nativeType ?? typeFamily}; ${what} is for texts`, ['columns', '0']);
}

/** Rows of which several columns are looked at. `passes` is what a checked row has to be; where it is unknown, it is not. */
export function rowsOf(columns: readonly ColumnFact[], passes: Test, nulls: string): Extract<Ask, { is: 'rows' }> {
  const blank = columns.map((each) => absent(termOf(each)));
  if (nulls === 'ignore_if_any_null')
    return {
      is: 'rows',
      checked: not(any(...blank)),
      violation: brokenThough(
        columns.map((each) => termOf(each)),
        passes,
      ),
    };
  const checked = nulls === 'never_ignore' ? TRUE : not(all(...blank));
  return { is: 'rows', checked, violation: all(checked, notTrue(passes)) };
}

/** Whether two columns of a row have the same value. */
export function same(one: ColumnFact, other: ColumnFact, nullsEqual: boolean): Test {
  const [left, right] = [termOf(one), termOf(other)];
  const equal = compared(left, 'eq', right);
  return nullsEqual ? any(equal, all(absent(left), absent(right))) : equal;
}

/** Membership in a list that may be empty: nothing is in it then. */
export function listed(column: ColumnFact, values: readonly unknown[], caseInsensitive: boolean): Test {
  if (values.length === 0) return FALSE;
  return caseInsensitive ? inListAnyCase(column, values) : inList(column, values, ['params', 'values']);
}

/**
 * Membership without regard to case. Of ASCII every engine knows the small letters; of other alphabets some know none, so that such
 * values are written out as patterns.
 */
function inListAnyCase(column: ColumnFact, values: readonly unknown[]): Test {
  expectText(column, 'a list without regard to case');
  const texts = values.flatMap((each, at) => {
    if (each === null) return [];
    const refuse = (how: string): never => {
      throw fault(how, ['params', 'values', String(at)]);
    };
    return typeof each === 'string' ? [storable(each, refuse)] : refuse('write it as a text');
  });
  if (texts.length === 0) throw fault('the list has no value', ['params', 'values']);
  const [plain, others] = [
    texts.filter((each) => !OTHER_LETTERS.test(each)),
    texts.filter((each) => OTHER_LETTERS.test(each)),
  ];
  const of = termOf(column);
  const small = plain.map((each) => ({ family: 'text', text: each.toLowerCase() }) as const);
  return any(
    ...(small.length === 0 ? [] : [{ is: 'in', of: call('lower', TEXT, of), values: small } as const]),
    ...others.map((each) => matches(of, `^${literally(each)}$`, true)),
  );
}

const OTHER_LETTERS = /(?![\0-\u007f])\p{Changes_When_Casemapped}/u;

/** A pattern that finds just this text. */
const literally = (text: string): string => text.replaceAll(/[\^$\\.*+?()[\]{}|/-]/g, (sign) => `\\${sign}`);
