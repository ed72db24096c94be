import fc from 'fast-check';

/** What somebody would write who wants out of a literal, in every engine's way. */
export const ATTACKS = [
  ...["'", "''", "'''", '"', '""', '`', '``', '\\', '\\\\', "\\'", "\\\\'", '\\"', "'\\", '\\n', "\\''", "'\\'", '\\`'],
  ...[
    "';--",
    "'; DROP TABLE t;--",
    "') OR 1=1--",
    "' OR '1'='1",
    "\\' OR 1=1 -- ",
    "\\'; DROP TABLE t; -- ",
    "x' UNION SELECT 1 --",
  ],
  ...[
    '--',
    '-- ',
    '#',
    '/*',
    '*/',
    '/*!50000',
    '/*+ x */',
    '//',
    ';',
    ';;',
    '\n',
    '\r\n',
    '\\\n',
    '\\\r\n',
    '\t',
    '\v',
    '\f',
    '\u001a',
    '\b',
  ],
  ...[
    '$1',
    '$$',
    '$a$',
    '$$ OR $$',
    '?',
    ':1',
    ':name',
    '@p1',
    '@@version',
    '{p1:String}',
    '${x}',
    '${env:HOME}',
    '$(x)',
    '&x',
    '&&x',
    '%s',
    '{{x}}',
    '{% x %}',
  ],
  ...['%', '_', '%_', '\\%', '\\_', '[', ']', '[a-z]', '^', ']]', '[[]'],
  ...[
    '\u02bc',
    '\u2019',
    '\u2018',
    '\uff07',
    '\uff02',
    '\uff3c',
    '\u00b4',
    '\u201c',
    '\u0060',
    '\u200b',
    '\u202e',
    '\ufeff',
    '\u2028',
    '\u0085',
  ],
  ...[
    '汉',
    '汉字',
    '客户',
    '😀',
    '👨‍👩‍👧',
    '𠮷',
    'é',
    'e\u0301',
    'ß',
    'İ',
    '\u00a0',
    '\u3000',
    '縗',
    "¿'",
    '表\\',
    "\u0160'",
  ],
  ...[
    "N'x'",
    "X'41'",
    "E'\\''",
    "U&'\\0027'",
    "q'[x]'",
    'unhex(41)',
    '0x27',
    '\\u0027',
    '\\x27',
    '&#39;',
    '%27',
    'chr(39)',
    "'||'",
    "'+'",
  ],
  ...['NULL', 'null', 'true', '1', '-1', '1.5', '1e9', 'NaN', '2026-02-30', '', ' ', '  '],
];

/** No database stores them: refused before any SQL is written. */
export const UNSTORABLE = ['\0', "a\0'", '\ud83d', "\udc00'", `'\ud800`, 'x\0--'];

const long = [
  `${"'".repeat(5_000)}`,
  `${'\\'.repeat(4_999)}'`,
  `${'汉'.repeat(3_000)}'--`,
  'a'.repeat(9_000),
  `${"\\'".repeat(2_000)}`,
];

/** Any hostile text. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...ATTACKS), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary', maxLength: 12 }))
      .map(([a, b]) => a + b),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 24 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...ATTACKS), fc.constantFrom(...UNSTORABLE)).map(([a, b]) => a + b),
  },
);

/** The same texts for the same seed: every attack alone, the long ones, then mixtures. */
export function hostileTexts(count: number, seed: number): string[] {
  const fixed = [...ATTACKS, ...UNSTORABLE, ...long];
  const more = fc.sample(hostile, { numRuns: Math.max(0, count - fixed.length), seed });
  return [...fixed, ...more].slice(0, Math.max(count, fixed.length));
}
