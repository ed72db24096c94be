import fc from 'fast-check';

import { DIALECTS, quoteIdentifier, quoteName, scopeFilter } from '#core/connector-kit';
import { InvalidInput } from '#kernel';

describe.each(DIALECTS)('an identifier of %s', (dialect) => {
  const quote = dialect === 'mysql' ? '`' : '"';
  const another = dialect === 'mysql' ? '"' : '`';

  it.each([
    ['loan', 'loan'],
    [`say ${quote}hi${quote}`, `say ${quote}${quote}hi${quote}${quote}`],
    [`say ${another}hi${another}`, `say ${another}hi${another}`],
    ["a'b\\c.d", "a'b\\c.d"],
    ['客户😀', '客户😀'],
  ])('%s is quoted', (name, inside) => {
    expect(quoteIdentifier(dialect, name)).toBe(`${quote}${inside}${quote}`);
  });

  it.each([
    ['nothing', ''],
    ['NUL', 'a\0b'],
    ['half a character', 'a\ud83d'],
  ])('is not %s', (_, name) => {
    expect(() => quoteIdentifier(dialect, name)).toThrow(InvalidInput);
  });

  it('ends where it was meant to end, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), (name) => {
        fc.pre(!name.includes('\0'));
        const quoted = quoteIdentifier(dialect, name);
        // Inside the outer quotes every quote has its twin, so none ends the name.
        expect(quoted.slice(1, -1).replaceAll(quote + quote, '')).not.toContain(quote);
        expect(quoted.slice(1, -1).replaceAll(quote + quote, quote)).toBe(name);
      }),
    );
  });
});

it('refuses a name that PostgreSQL would cut', () => {
  const long = '表'.repeat(22); // 22 × 3 bytes
  expect(() => quoteIdentifier('postgres', long)).toThrow(/63 bytes/);
  expect(quoteName('duckdb', long, 'x')).toBe(`"${long}"."x"`);
});

it.each([
  [{}, 'anything', true],
  [{ include: ['dw*'] }, 'dwd', true],
  [{ include: ['dw*'] }, 'ods', false],
  [{ include: ['dw?'], exclude: ['dws'] }, 'dws', false],
  [{ exclude: ['tmp_*'] }, 'tmp_1', false],
  [{ include: ['a.b'] }, 'axb', false],
  [{ include: ['客?'] }, '客😀', true],
  [{ include: [] }, 'x', false],
  [{ include: ['a-b/c'] }, 'a-b/c', true],
  [{ include: [`^$\\.|+()[]{}/-'"`] }, `^$\\.|+()[]{}/-'"`, true],
  [{ skip: ['a*'] }, 'a*', false],
  [{ skip: ['a*'] }, 'ab', true],
])('with %j the scope %s is read: %s', (options, scope, read) => {
  expect(scopeFilter(options)(scope)).toBe(read);
});
