import { type Static, Type } from 'typebox';

import { documentCheck, type DocumentCheck } from '#core/json-schema';
import { messageOf } from '#kernel';

import { fault, termOf } from '../bind-expression.js';
import { type ColumnFact } from '../facts.js';
import { checkPatterns } from '../formats/schema-patterns.js';
import { expectText } from '../kind-parts.js';
import { countIn, oneRow } from '../measured-row.js';
import {
  type Ask,
  type Bound,
  type Counts,
  defineRuleKind,
  type MeasuredRow,
  type Measurements,
} from '../rule-kind.js';
import {
  all,
  any,
  call,
  compared,
  countWhen,
  INTEGER,
  number,
  present,
  table,
  type Term,
  type Test,
  TEXT,
  TRUE,
} from '../sql/term.js';

// What is in memory at once: a page of so many texts, of so many characters together.
const ROWS_OF_A_PAGE = 50_000;
const CHARACTERS_OF_A_PAGE = 8_000_000;
/** Each page reads the table once more; beyond this a rule has to be narrowed. */
const MOST_PAGES = 200;
// A hash spreads texts over the pages, not quite evenly.
const MOST_ROWS = 4 * ROWS_OF_A_PAGE;

const params = Type.Object(
  {
    schema: Type.Unsafe<Readonly<Record<string, unknown>>>({
      type: 'object',
      title: 'JSON Schema',
      'x-title-zh': 'JSON 结构定义（JSON Schema）',
      description:
        'Draft 7. It refers to nothing elsewhere; its patterns are portable, without repeats inside repeats.',
      'x-description-zh': '采用 draft 7；不得引用外部 schema；其中的正则须为可移植写法且不含嵌套重复。',
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

/**
 * Each text is a JSON document that fits a schema. Engines know no schemas, so that the different texts are fetched, each once, page by
 * page, and checked here; of a page only counts are kept. Not JSON at all is a violation, too.
 */
export const jsonSchema = defineRuleKind({
  code: 'json_schema',
  title: { en: 'Is JSON that fits a schema', zh: '符合 JSON Schema' },
  description: {
    en: 'The text is a JSON document that fits a JSON Schema. Texts are fetched and checked by us; very large columns need a filter.',
    zh: '文本为符合给定 JSON Schema 的 JSON 文档；取值分页取回后校验，数据量过大时须加过滤条件。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params,
  says: ({ columns: [column] }) => ({ en: `"${column}" fits the schema`, zh: `“${column}”符合 JSON Schema` }),
  compile: (bound) => {
    const [column] = bound.columns as [ColumnFact];
    if (column.typeFamily !== 'json') expectText(column, 'json_schema');
    const check = checkOf(bound.params.schema);
    const text = textOf(column);
    const there = present(termOf(column));
    const size: Term = { is: 'aggregate', fn: 'sum', of: call('length', INTEGER, text), type: INTEGER };
    return {
      asks: { size: { is: 'values', values: { rows: countWhen(), present: countWhen(there), characters: size } } },
      then: {
        asks: (measured) => pagesOf(bound, text, there, check, oneRow(measured['size'])),
        isOpen: () => true,
      },
    };
  },
  count: (measured, _params, { nullPolicy }): Counts => {
    const size = oneRow(measured['size']);
    const [rows, there] = [countIn(size, 'rows'), countIn(size, 'present')];
    const { violations, faults } = pagesIn(measured);
    return {
      rows,
      checked: nullPolicy === 'ignore' ? there : rows,
      violations: violations + (nullPolicy === 'fail' ? rows - there : 0n),
      metrics: faults[0] === undefined ? {} : { fault: faults[0] },
    };
  },
  examples: [
    {
      title: 'documents that fit, and that do not',
      columns: { x: 'text' },
      rows: [
        ['{"name":"张三","age":3}'],
        ['{"name":"李四","age":"3"}'],
        ['{"name":"李四","age":"3"}'],
        ['{"age":3}'],
        ['{"name":"x"'],
        [''],
        [null],
      ],
      rule: {
        columns: ['x'],
        params: {
          schema: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, age: { type: 'integer' } },
          },
        },
      },
      expect: { status: 'fail', rows: 7, checked: 6, violations: 5, failingRows: 0 },
    },
    {
      title: 'a column of documents',
      columns: { x: 'json' },
      rows: [['{"a": [1, 2]}'], ['{"a": []}'], [null]],
      rule: { columns: ['x'], params: { schema: { properties: { a: { type: 'array' } } } } },
      expect: { status: 'pass', rows: 3, checked: 2, violations: 0 },
    },
    {
      title: 'texts of a certain form',
      columns: { x: 'text' },
      rows: [['"2026-06-30"'], ['"30.6.2026"']],
      rule: {
        columns: ['x'],
        params: { schema: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', maxLength: 10 } },
      },
      expect: {
        status: 'fail',
        checked: 2,
        violations: 1,
        metrics: { fault: 'must match pattern "^\\d{4}-\\d{2}-\\d{2}$"' },
      },
    },
    {
      title: 'an absent document is not one',
      columns: { x: 'text' },
      rows: [['{}'], [null]],
      rule: { columns: ['x'], params: { schema: {} }, nullPolicy: 'fail' },
      expect: { status: 'fail', rows: 2, checked: 2, violations: 1 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { schema: {} } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});

const textOf = (column: ColumnFact): Term =>
  column.typeFamily === 'json' ? { is: 'cast', of: termOf(column), type: TEXT, safe: false } : termOf(column);

function checkOf(schema: Params['schema']): DocumentCheck {
  const path = ['params', 'schema'];
  checkPatterns(schema, path);
  try {
    return documentCheck(schema);
  } catch (error) {
    throw fault(`the schema is not understood: ${messageOf(error)}`, path);
  }
}

/** The different texts, in as many pages as they need. */
function pagesOf(
  { target, where }: Bound<Params>,
  text: Term,
  there: Test,
  check: DocumentCheck,
  size: MeasuredRow,
): Record<string, Ask> {
  const [rows, characters] = [Number(countIn(size, 'present')), Number(size['characters'] ?? 0)];
  const pages = Math.ceil(Math.max(rows / ROWS_OF_A_PAGE, characters / CHARACTERS_OF_A_PAGE));
  if (pages > MOST_PAGES)
    throw new RangeError(
      `there are ${rows} documents of ${characters} characters, which is more than this rule can take; narrow it with a filter`,
    );
  const page = (n: number): Ask => ({
    is: 'query',
    on: 'target',
    maxRows: MOST_ROWS,
    fold: (found) => [folded(found, check)],
    select: {
      items: [
        { as: 'v', term: text },
        { as: 'n', term: countWhen() },
      ],
      from: table(target),
      where: all(where, there, pages === 1 ? TRUE : onPage(text, pages, n)),
      groupBy: [text],
    },
  });
  return Object.fromEntries(Array.from({ length: pages }, (_, n) => [`page${n}`, page(n)]));
}

/** Some engines' hashes are below zero, and what is left of them is, too. */
function onPage(text: Term, pages: number, n: number): Test {
  const left = call('modulo', INTEGER, call('hash', INTEGER, text), number(pages));
  return any(compared(left, 'eq', number(n)), compared(left, 'eq', number(-n)));
}

function folded(rows: readonly MeasuredRow[], check: DocumentCheck): MeasuredRow {
  let violations = 0n;
  let first: string | undefined;
  for (const row of rows) {
    const found = faultIn(row['v'] ?? '', check);
    if (found === undefined) continue;
    violations += countIn(row, 'n');
    first ??= found;
  }
  return { violations: String(violations), fault: first ?? null };
}

function faultIn(text: string, check: DocumentCheck): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  return check(document);
}

function pagesIn(measured: Measurements): { violations: bigint; faults: readonly string[] } {
  const pages = Object.entries(measured).flatMap(([name, rows]) => (name.startsWith('page') ? [oneRow(rows)] : []));
  return {
    violations: pages.reduce((sum, page) => sum + countIn(page, 'violations'), 0n),
    faults: pages.flatMap(({ fault: found }) => (found == null ? [] : [found])),
  };
}
