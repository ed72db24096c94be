import fc from 'fast-check';
import { lines } from './cases/notation.js';
import { dialectOf } from './dialects.js';
import { readScript } from './script.js';
import { scan } from './split/scan.js';
import type { SqlDialect } from './types.js';

interface Written {
  readonly statements: readonly string[];
  /** Names that are other names, in the dialect's spelling. */
  readonly names: readonly string[];
  readonly gaps: readonly string[];
}

const PLAIN_GAPS = [' ', '\n', '\t  ', '\r\n', ' /* ; */ ', ' -- 注释 ;\n'];
const COMMON = [
  'insert into t1 (c1, c2) select t2.c1, sum(t2.c2) from t2 where t2.c3 > 1 group by t2.c1',
  'insert into t1 (c3) select t4.c1 + t3.c2 from (select c1, c2 from t2) t4 join t3 on t4.c2 = t3.c2',
  'select t1.c1, row_number() over (partition by t1.c2 order by t1.c3) as c4 from t1 union all select c1, c2 from t3',
  'select c1 from t1 where exists (select 1 from t2 where t2.c2 = t1.c2) and c3 in (select c4 from t3)',
];
const BACKTICKS = ['alpha', '客户', '`Sp ace`', '`带 引号`', '`a"b`', 'x_1', '`select`', '余额2'];
const QUOTES = ['alpha', '客户', '"Sp ace"', '"带 引号"', '"a`b"', 'x_1', '"select"', '余额2'];

/** Statements in which t1 … t4 are tables and c1 … c4 columns, as each dialect has them. */
const DIALECTS: Readonly<Partial<Record<SqlDialect, Written>>> = {
  hive: {
    statements: [
      ...COMMON,
      "insert overwrite table t1 partition (c4 = '1') select c1, c2 from t2",
      'from t2 insert into table t1 (c1) select c1 where c2 = 1 insert into table t3 (c1) select c3',
      'insert into t1 (c1, c2) select t2.c1, c4 from t2 lateral view explode(t2.c3) t4 as c4',
    ],
    names: BACKTICKS,
    gaps: PLAIN_GAPS,
  },
  spark: {
    statements: [
      ...COMMON,
      'merge into t1 using t2 on t1.c1 = t2.c1 when matched then update set t1.c2 = t2.c3',
      'create or replace temporary view t1 as select c1, c2 from t2',
    ],
    names: BACKTICKS,
    gaps: PLAIN_GAPS,
  },
  mysql: {
    statements: [
      ...COMMON,
      'insert into t1 (c1, c2) select c1, c2 from t2 on duplicate key update c2 = t2.c3',
      'update t1 join t2 on t1.c1 = t2.c1 set t1.c2 = t2.c3',
    ],
    names: BACKTICKS,
    gaps: [...PLAIN_GAPS, ' # 注释 ;\n'],
  },
  clickhouse: { statements: COMMON, names: BACKTICKS, gaps: PLAIN_GAPS },
  oracle: {
    statements: [
      ...COMMON,
      'merge into t1 using t2 on (t1.c1 = t2.c1) when matched then update set t1.c2 = t2.c3',
      'insert all into t1 (c1) values (c3) into t3 (c2) values (c4) select c3, c4 from t2',
      'begin insert into t1 (c1) select c2 from t2; update t3 set c1 = 1; end;',
    ],
    names: ['alpha', '客户', '"Sp ace"', '"带 引号"', 'x_1', '"Select"', '余额2', '"a`b"'],
    gaps: PLAIN_GAPS,
  },
  tsql: {
    statements: [
      ...COMMON,
      'update t1 set c1 = t2.c2 from t1 join t2 on t2.c3 = t1.c3',
      'select c1, c2 into t1 from t2',
    ],
    names: [...QUOTES.slice(0, 6), '[带 括号]', '余额2'],
    gaps: [' ', '\n', '\r\n', ' /* ; /* ; */ */ ', ' -- 注释 ;\n'],
  },
};

const WORDS = ['t1', 't2', 't3', 't4', 'c1', 'c2', 'c3', 'c4'];
const NAME = /\b[tc][1-4]\b/g;

const renamed = (text: string, names: readonly string[]) =>
  text.replace(NAME, (word) => names[WORDS.indexOf(word)] ?? word);

describe.each(Object.entries(DIALECTS) as [SqlDialect, Written][])('in %s it must not matter', (name, written) => {
  const dialect = dialectOf(name);
  const read = (sql: string) => readScript(sql, { dialect: name });
  const statement = fc.constantFrom(...written.statements);
  const held = (word: string) => {
    const quoted = /^["`[]/.test(word);
    return dialect.names.written(quoted ? word.slice(1, -1) : word, quoted);
  };

  it.each(['case', 'if', 'begin end', 'begin', 'loop', 'while a do', 'repeat'])(
    'what the body of a procedure is: all of "%s" is in its statement',
    (body) => {
      const sql = `create procedure p as ${body}`;
      expect(Math.max(...read(sql).statements.map(({ end }) => end))).toBe(sql.length);
    },
  );

  it('how the statements of this test are read: all of them are ok', () => {
    for (const sql of written.statements)
      expect([sql, read(sql).totals.failed + read(sql).totals.partial]).toEqual([sql, 0]);
  });

  it('which gaps and comments are between the words', () => {
    fc.assert(
      fc.property(
        statement,
        fc.array(fc.constantFrom(...written.gaps), { minLength: 1, maxLength: 6 }),
        (sql, gaps) => {
          let at = 0;
          const spaced = [...scan(sql, dialect.lex)]
            .map((token) =>
              token.kind === 'blank' ? (gaps[at++ % gaps.length] ?? ' ') : sql.slice(token.start, token.end),
            )
            .join('');
          expect(lines(read(spaced))).toEqual(lines(read(sql)));
        },
      ),
    );
  });

  it('what things are called', () => {
    const names = fc.uniqueArray(fc.constantFrom(...written.names), { minLength: 8, maxLength: 8 });
    const plain = WORDS.map(held);
    fc.assert(
      fc.property(statement, names, (sql, wanted) => {
        // The names of the plain statement as the database holds them (T1 in Oracle), each once for the new name.
        const back = new Map(plain.map((word, at) => [word, held(wanted[at] ?? word)]));
        const expected = lines(read(sql)).map((line) =>
          line.replace(/\b[tc][1-4]\b/gi, (word) => back.get(word) ?? word),
        );
        expect(lines(read(renamed(sql, wanted)))).toEqual(expected);
      }),
    );
  });

  it('what stands before it in the script, when it has nothing to do with it', () => {
    const separators = name === 'oracle' ? [';\n/\n'] : [';', ';\n', ' ; -- 完\n', ';;'];
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), fc.constantFrom(...separators), (parts, end) => {
        const own = parts.map((sql, at) => sql.replace(/\bt([1-4])\b/g, `s${at}_$1`).replace(/;$/, ''));
        const facts = (sql: string) =>
          read(sql).statements.map(({ columnEdges, status, kind }) => ({ columnEdges, status, kind }));
        const finished = own.map((sql) => (sql.startsWith('begin') ? `${sql};` : sql));
        expect(facts(finished.map((sql) => sql.replace(/;$/, '')).join(end) + end)).toEqual(
          finished.flatMap((sql) => facts(sql + (name === 'oracle' ? '\n/\n' : ''))),
        );
      }),
    );
  });

  it('where the text is cut: all of it that is not blank, comment or separator is in a statement', () => {
    const pieces = fc.constantFrom(
      ...[
        'select',
        'from',
        'insert into',
        'begin',
        'end',
        'if',
        'then',
        'loop',
        'create procedure p as',
        'declare',
        'case',
      ],
      ...['a', '表', '😀', '1', "'x;'", '"y;"', '`z;`', '[w;]', '(', ')', ',', '*', '=', ':x', '@v', '${p}'],
      ...[
        ';',
        '\n',
        ' ',
        '/* ; */',
        '-- ;\n',
        '#',
        '$$',
        "'",
        '"',
        '\n/\n',
        '\nGO\n',
        'delimiter //\n',
        '//',
        '/*',
        '\\',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
        const sql = parts.join(' ');
        const { statements } = read(sql);
        const covered = new Uint8Array(sql.length);
        for (const { start, end, reasons, status } of statements) {
          covered.fill(1, start, end);
          if (status !== 'ok') expect(reasons.length).toBeGreaterThan(0);
          for (const { code } of reasons) expect(code).not.toBe('fault');
        }
        for (const { kind, start, end } of scan(sql, dialect.lex)) {
          if (kind === 'blank' && !covered[start]) continue;
          const text = sql.slice(start, end);
          // Separators: of every dialect, of MySQL's clients, of SQL*Plus and of sqlcmd.
          if ([';', '/', '$', '\\'].includes(text) || /^(?:go|delimiter)$/i.test(text)) continue;
          if (!covered[start] && !/delimiter/i.test(sql)) expect([sql, text]).toEqual([sql, 'in a statement']);
        }
      }),
      { numRuns: 200 },
    );
  });
});
