import fc from 'fast-check';

import { checkIdentifier, type IdentifierFormat } from '#core/identifiers';

import { fileSamples, postgresSamples, type SampleSource } from '../../../../../test/support/sample-tables.js';
import { measuredRows } from '../measured-row.js';
import { SQL_DIALECTS } from '../sql/dialects/index.js';
import { looksLike } from '../sql/looks.js';
import { render } from '../sql/render.js';
import { column, matches, table, type Term, type Test, TEXT } from '../sql/term.js';
import { dateFormatPattern } from './date-format.js';
import { hasFormat } from './formats.js';
import { isJson } from './json-text.js';

const X = column('t', 'x', TEXT);

const digit = fc.constantFrom(...'0123456789');
const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const text = (character: fc.Arbitrary<string>, least: number, most = least) =>
  fc.array(character, { minLength: least, maxLength: most }).map((characters) => characters.join(''));

/** Texts near enough to an identifier that some of them are one. */
const NEAR: Readonly<Record<IdentifierFormat, fc.Arbitrary<string>>> = {
  resident_id: fc
    .tuple(
      fc.constantFrom('11', '44', '90', '83', '10'),
      text(digit, 4),
      fc.date({ min: new Date('1700-01-01'), max: new Date('2100-12-31'), noInvalidDate: true }),
      fc.constantFrom('', '0230', '0431'),
      text(digit, 3),
      fc.constantFrom(...'0123456789Xx'),
    )
    .map(([province, place, born, day, serial, check]) => {
      const date = born.toISOString().slice(0, 10).replaceAll('-', '');
      return `${province}${place}${day === '' ? date : date.slice(0, 4) + day}${serial}${check}`;
    }),
  uscc: fc
    .tuple(fc.constantFrom('91', '12', 'A1', 'N2', '9z'), text(digit, 6), text(fc.oneof(digit, letter), 10))
    .map((parts) => parts.join('')),
  lei: fc.tuple(text(fc.oneof(digit, letter), 18), text(digit, 2)).map((parts) => parts.join('')),
  bank_card: fc
    .tuple(fc.constantFrom('4', '62', '81', '1', '27', '29', '9558'), text(digit, 9, 17))
    .map((parts) => parts.join('')),
  iban: fc
    .tuple(fc.constantFrom('GB', 'DE', 'cn', 'X1'), text(digit, 2), text(fc.oneof(digit, letter), 8, 32))
    .map((parts) => parts.join('')),
  mobile: fc
    .tuple(fc.constantFrom('', '+86', '86', '0086', '085'), fc.constantFrom('13', '19', '12'), text(digit, 8, 10))
    .map((parts) => parts.join('')),
  email: fc.oneof(
    fc.emailAddress(),
    fc
      .tuple(text(fc.constantFrom(..."ab.+-_@ '汉é"), 1, 8), text(fc.constantFrom(...'ab.-中1'), 1, 8))
      .map(([local, domain]) => `${local}@${domain}`),
    fc
      .tuple(fc.integer({ min: 62, max: 66 }), fc.integer({ min: 61, max: 65 }), fc.integer({ min: 1, max: 3 }))
      .map(([local, label, labels]) => `${'a'.repeat(local)}@${`${'b'.repeat(label)}.`.repeat(labels)}com`),
  ),
};

/** The same text with its last characters changed until the check digits are right, where that is possible. */
function repaired(format: IdentifierFormat, near: string): string {
  const ends = ['resident_id', 'uscc', 'bank_card'].includes(format)
    ? [...'0123456789ABCDEFGHJKLMNPQRTUWXY']
    : format === 'lei'
      ? Array.from({ length: 100 }, (_, at) => String(at).padStart(2, '0'))
      : [];
  const cut = (end: string) => near.slice(0, near.length - end.length) + end;
  if (format === 'iban')
    for (let check = 0; check < 100; check++) {
      const whole = near.slice(0, 2) + String(check).padStart(2, '0') + near.slice(4);
      if (checkIdentifier(format, whole).valid) return whole;
    }
  if (format === 'uscc')
    for (const inner of [...'0123456789X'])
      for (const end of ends) {
        const whole = near.slice(0, 16) + inner + end;
        if (checkIdentifier(format, whole).valid) return whole;
      }
  return ends.map(cut).find((whole) => checkIdentifier(format, whole).valid) ?? near;
}

const sampled = (format: IdentifierFormat): string[] => {
  const near = fc.sample(NEAR[format], { numRuns: 300, seed: 4 });
  const right = near.map((each) => repaired(format, each));
  const spoiled = right.map(
    (each, at) => each.slice(0, at % (each.length || 1)) + String(at % 10) + each.slice((at % (each.length || 1)) + 1),
  );
  return [...new Set([...near, ...right, ...spoiled, '', ' ', '0', 'x', "'", '汉字'])];
};

const DOCUMENTS = [
  '{}',
  '[]',
  '0',
  '-0',
  '-',
  '1.',
  '.5',
  '1e5',
  '1E+5',
  '1e',
  '01',
  '-01',
  '1.50',
  '""',
  '"',
  "''",
  'true',
  'True',
  'nul',
  'null',
  'nulll',
  'truefalse',
  '1true',
  'NaN',
  'Infinity',
  '-Infinity',
  '',
  ' ',
  ' 1 ',
  '\n[1]\r\n',
  '\u00a01',
  '[1,2]',
  '[1,,2]',
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1',
  '1]',
  '[]]',
  '[][]',
  '[]1',
  '1[]',
  '{"a":1}',
  '{"a":1,}',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  "{'a':1}",
  '{1:1}',
  '{"a":1 "b":2}',
  '{"a":1,"b":[{"c":null}]}',
  '{"a":{"b":{"c":[[[[1]]]]}}}',
  '{"a:1',
  '"a"b"',
  '"a\\"b"',
  '"a\\\\"',
  '"a\\\\""',
  '"\\x"',
  '"\\u12"',
  '"\\u12g4"',
  '"\\u1234"',
  '"\\ud83d"',
  '"a\tb"',
  '"a\nb"',
  '"\u007f"',
  '"汉😀"',
  '// c\n1',
  '/* */1',
  '[1] // c',
  '"[" ]',
  '["]", "}"]',
  '["""]',
  '""""',
  '[""""]',
  '""1',
  '1""',
  '{"":""}',
  '{"":"",}',
  '[0,"",0]',
  '00',
  '0 0',
  '[00]',
  '+1',
  '--1',
  '1-1',
  '0x10',
  '1_000',
  '[1]]',
  '{"a":1}}',
  '{}{}',
  ':',
  ',',
  '{,}',
  '{:}',
  '{"a"::1}',
  '[:]',
  '{"a",1}',
  '{"a":1:2}',
  'undefined',
  '\ufeff1',
];

const isDocument = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const isDay = (year: number, month: number, day: number) => {
  const at = new Date(Date.UTC(2000, 0, 1));
  at.setUTCFullYear(year, month - 1, day);
  return (
    year > 0 && month > 0 && at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
  );
};

describe.each([
  ['postgres', postgresSamples],
  ['duckdb', fileSamples],
])('on %s', (_, open) => {
  let source: SampleSource;

  beforeAll(async () => {
    source = await open();
  });

  afterAll(() => source?.close());

  /** Those of the texts for which a test holds. */
  async function thoseThat(test: (x: Term) => Test, texts: readonly string[]): Promise<string[]> {
    const { relation } = await source.add([{ name: 'all', typeFamily: 'text' }], [[JSON.stringify(texts)]]);
    const list = column('t', 'x', TEXT);
    const lines =
      source.dialect === 'postgres'
        ? `(SELECT json_array_elements_text("all"::json) AS x FROM ${relation})`
        : `(SELECT unnest(CAST("all" AS JSON)->>'$[*]') AS x FROM ${relation})`;
    const { sql, params } = render(
      { items: [{ as: 'x', term: list }], from: table({ relation: lines }), where: test(X) },
      SQL_DIALECTS[source.dialect],
    );
    const call = { signal: new AbortController().signal, deadlineMs: 60_000, maxRows: 100_000 };
    return measuredRows(await source.connection.query(sql, params, call)).map(({ x }) => x ?? '');
  }

  it.each(Object.keys(NEAR) as IdentifierFormat[])('%s is what the identifiers say', async (format) => {
    const texts = sampled(format);
    const right = texts.filter((each) => checkIdentifier(format, each).valid && each === each.trim());
    expect(right.length).toBeGreaterThan(20);
    expect((await thoseThat((x) => hasFormat(format, x), texts)).sort()).toEqual(right.sort());
  });

  it('takes apart what is JSON and what only looks like it', async () => {
    const values = fc.sample(fc.json({ maxDepth: 4 }), { numRuns: 150, seed: 4 });
    const spoiled = values.map((each, at) => each.slice(0, at % each.length) + each.slice((at % each.length) + 1));
    const texts = [...new Set([...DOCUMENTS, ...values, ...spoiled])].filter((each) => !/\0|\p{Surrogate}/u.test(each));
    expect((await thoseThat(isJson, texts)).sort()).toEqual(texts.filter(isDocument).sort());
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(await thoseThat(isJson, [deep(16), deep(17)])).toEqual([deep(16)]);
  });

  it('knows every day of the calendar, in every order', async () => {
    const days = [1, 4, 100, 400, 999, 1000, 1582, 1900, 1999, 2000, 2023, 2024, 2100, 2400, 9999, 0].flatMap((year) =>
      Array.from({ length: 14 }, (_, month) =>
        [28, 29, 30, 31, 32, 0, 1].map((day) => [year, month, day] as const),
      ).flat(),
    );
    const padded = (number: number, width: number) => String(number).padStart(width, '0');
    for (const [format, write] of [
      ['%Y-%m-%d', (y: number, m: number, d: number) => `${padded(y, 4)}-${padded(m, 2)}-${padded(d, 2)}`],
      ['%d.%m.%Y', (y: number, m: number, d: number) => `${padded(d, 2)}.${padded(m, 2)}.${padded(y, 4)}`],
    ] as const) {
      const texts = days.map((each) => write(...each));
      const right = days.filter((each) => isDay(...each)).map((each) => write(...each));
      expect((await thoseThat((x) => matches(x, dateFormatPattern(format, true, [])), texts)).sort()).toEqual(
        right.sort(),
      );
      if (format === '%Y-%m-%d')
        expect((await thoseThat((x) => looksLike(x, 'date')!, texts)).sort()).toEqual(right.sort());
    }
  });
});
