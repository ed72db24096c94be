import { WRITTEN_DIALECTS, writeRule } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { checkPlace } from './check.js';
import { factsOf, places, writtenKinds } from './places.js';
import { shapeOf, statementsIn } from './shape.js';
import { hostileTexts } from './strings.js';

const now = new Date('2026-06-30T00:00:00Z');

/** Nothing when it is refused. */
function orRefused<T>(write: () => readonly T[]): readonly T[] {
  try {
    return write();
  } catch (error) {
    if (error instanceof InvalidInput) return [];
    throw error;
  }
}

describe.each(WRITTEN_DIALECTS.map((dialect) => [dialect] as const))('in %s', (dialect) => {
  it.each(writtenKinds().map(({ code, examples }) => [code, examples] as const))(
    '%s is one statement a question',
    (kind, examples) => {
      for (const example of examples) {
        for (const storage of ['rows', 'columns'] as const) {
          const write = () =>
            writeRule({ kind, ...example.rule }, factsOf(example, dialect), { dialect, now, storage });
          // No name of Oracle has a quote in it.
          if (dialect === 'oracle' && Object.keys(example.columns).some((name) => name.includes('"'))) {
            expect(orRefused(write)).toEqual([]);
            continue;
          }
          for (const { sql } of write()) {
            expect(statementsIn(sql, dialect)).toBe(1);
            expect(shapeOf(sql, dialect)).toMatch(/^\[(\{"select"|"SELECT )/);
          }
        }
      }
    },
  );

  // All ten thousand: npm run conformance:hostile.
  it('no text changes more than its literal', () => {
    const texts = hostileTexts(220, 20260630);
    const outcomes = places().flatMap((place, n) =>
      // Each place meets another part of the texts, and the first of them all.
      texts.filter((_, at) => at % 11 === n % 11).map((text) => checkPlace(place, text, dialect)),
    );
    expect(outcomes.filter((each) => each === 'same').length).toBeGreaterThan(outcomes.length / 4);
  });
});

it('a shape is lost when a literal ends too early', () => {
  const shape = shapeOf(`SELECT * FROM t WHERE a = 'x'`, 'mysql');
  expect(shapeOf(`SELECT * FROM t WHERE a = 'y''--'`, 'mysql')).toBe(shape);
  expect(shapeOf(`SELECT * FROM t WHERE a = 'y' OR 'z' = 'z'`, 'mysql')).not.toBe(shape);
  expect(shapeOf(`SELECT * FROM t WHERE a = 'y' /* b */`, 'mysql')).not.toBe(shape);
  expect(statementsIn(`SELECT 1; SELECT 2`, 'postgres')).toBe(2);
});

it('there are places of every kind that names columns and writes SQL', () => {
  const kinds = new Set(places().map(({ kind }) => kind));
  const writes = writtenKinds().filter(({ code, examples }) =>
    examples.some(
      (example) =>
        (example.rule.columns ?? []).length > 0 &&
        writeRule({ kind: code, ...example.rule }, factsOf(example, 'mysql'), { dialect: 'mysql', now }).length > 0,
    ),
  );
  expect(writes.map(({ code }) => code).filter((code) => !kinds.has(code))).toEqual([]);
});
