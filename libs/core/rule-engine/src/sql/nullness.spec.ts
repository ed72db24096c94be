import { parseCondition, type ColumnFact } from '#core/rule-engine';

import { bindExpression, termOf } from '../bind-expression.js';
import { brokenThough } from './nullness.js';

const columns: readonly ColumnFact[] = [
  { name: 'a', typeFamily: 'text' },
  { name: 'b', typeFamily: 'text' },
  { name: 'n', typeFamily: 'integer' },
];
const target = { relation: 't', name: 't', columns };

const simple = (passes: string, ...names: string[]): boolean => {
  const test = bindExpression(parseCondition(passes), target, []);
  const terms = columns.filter(({ name }) => names.includes(name)).map((each) => termOf(each));
  return brokenThough(terms, test).is === 'not';
};

// What is unknown just when one of the columns is absent is broken when its opposite is true. Anything else has to say both.
it.each([
  ["a = 'x'", ['a'], true],
  ["a in ('x', 'y') and not a like 'z%'", ['a'], true],
  ['n between 1 and 9', ['n'], true],
  ["length(trim(a)) > 3 and a matches '^x'", ['a'], true],
  ['a < b or a = b', ['a', 'b'], true],
  ["a = 'x' or b = 'y'", ['a', 'b'], false],
  ["a = 'x'", ['a', 'b'], false],
  ['a = b', ['a'], false],
  ["a = ''", ['a'], false],
  ["coalesce(a, 'x') = 'y'", ['a'], false],
  ['n / n = 1', ['n'], false],
  ['n + 1 = 2', ['n'], false],
  ['cast(a as integer) = 1', ['a'], false],
  ['a is null', ['a'], false],
  ["a = 'x' or a is null", ['a'], false],
])('%s of %p: %p', (passes, names, expected) => {
  expect(simple(passes, ...names)).toBe(expected);
});
