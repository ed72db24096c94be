import fc from 'fast-check';
import { lines } from './cases/notation.js';
import { dialectOf } from './dialects.js';
import { readScript } from './script.js';
import { scan } from './split/scan.js';

const { lex } = dialectOf('postgres');
const read = (sql: string) => readScript(sql, { dialect: 'postgres' });

/** Statements in which t1 … t4 are tables and c1 … c4 columns. */
const STATEMENTS = [
  'insert into t1 (c1, c2) select t2.c1, sum(t2.c2) from t2 where t2.c3 > 1 group by t2.c1',
  'with t4 as (select c1, c2 from t2) insert into t1 (c3) select t4.c1 + t3.c2 from t4 join t3 on t4.c2 = t3.c2',
  'create table t1 as select c1, case when c2 = 1 then c3 end as c4 from t2 order by c3',
  'update t1 set c1 = t2.c2 from t2 where t2.c3 = t1.c3',
  'select t1.c1, row_number() over (partition by t1.c2 order by t1.c3) as c4 from t1 union all select c1, c2 from t3',
  'merge into t1 using t2 on t1.c1 = t2.c1 when matched then update set c2 = t2.c3',
  'select c1 from t1 where exists (select 1 from t2 where t2.c2 = t1.c2) and c3 in (select c4 from t3)',
];

const statement = fc.constantFrom(...STATEMENTS);

/** Writes the statement with other gaps between its words. */
const spaced = (sql: string, gaps: readonly string[]): string => {
  let at = 0;
  return [...scan(sql, lex)]
    .map((token) => (token.kind === 'blank' ? (gaps[at++ % gaps.length] ?? ' ') : sql.slice(token.start, token.end)))
    .join('');
};

const gap = fc.constantFrom(' ', '\n', '\t  ', ' /* ; */ ', ' -- 注释 ;\n', '/* a /* b */ */', '\r\n');

const name = fc.constantFrom('alpha', '客户', '"Sp ace"', '"带 引号"', '"a""b"', 'x_1', '"."', '余额2');
const renaming = fc.uniqueArray(name, { minLength: 8, maxLength: 8 });
const WORDS = ['t1', 't2', 't3', 't4', 'c1', 'c2', 'c3', 'c4'];
const bare = (quoted: string) => (quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted);

/** The same text with each of the words replaced. */
const renamed = (text: string, names: readonly string[]) =>
  text.replace(/\b[tc][1-4]\b/g, (word) => names[WORDS.indexOf(word)] ?? word);

describe('what must not matter', () => {
  it('gaps and comments', () => {
    fc.assert(
      fc.property(statement, fc.array(gap, { minLength: 1, maxLength: 6 }), (sql, gaps) => {
        expect(lines(read(spaced(sql, gaps)))).toEqual(lines(read(sql)));
      }),
    );
  });

  it('the case of unquoted names and keywords', () => {
    fc.assert(
      fc.property(statement, (sql) => {
        expect(lines(read(sql.toUpperCase()))).toEqual(lines(read(sql)));
      }),
    );
  });

  it('what things are called', () => {
    fc.assert(
      fc.property(statement, renaming, (sql, names) => {
        const expected = lines(read(sql)).map((line) => renamed(line, names.map(bare)));
        expect(lines(read(renamed(sql, names)))).toEqual(expected);
      }),
    );
  });

  it('what stands before it in the script, when it has nothing to do with it', () => {
    fc.assert(
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(';', ';\n', ' ; -- 完\n', ';;'),
        (parts, end) => {
          // Each statement gets tables of its own, so that none knows what another has made.
          const own = parts.map((sql, at) => sql.replace(/\bt([1-4])\b/g, `s${at}_$1`));
          const whole = read(own.join(end));
          expect(whole.statements.map(({ columnEdges, status, kind }) => ({ columnEdges, status, kind }))).toEqual(
            own
              .flatMap((sql) => read(sql).statements)
              .map(({ columnEdges, status, kind }) => ({ columnEdges, status, kind })),
          );
          expect(whole.totals.ok).toBe(parts.length);
        },
      ),
    );
  });
});

describe('whatever comes in', () => {
  it('every statement is answered, and nothing is thrown', () => {
    const word = fc.constantFrom(
      'select',
      'from',
      'where',
      'insert into',
      'values',
      '(',
      ')',
      ',',
      'a',
      'b',
      '*',
      '1',
      "'x'",
      'join',
      'on',
      '=',
      'union',
      'with',
      'as',
      ';',
      '表',
      '😀',
      '"',
      "'",
      '$$',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 15 }), (words) => {
        const sql = words.join(' ');
        const { statements, totals } = read(sql);
        expect(Object.values(totals).reduce((sum, count) => sum + count, 0)).toBe(statements.length);
        for (const { status, reasons, start, end } of statements) {
          if (status !== 'ok') expect(reasons.length).toBeGreaterThan(0);
          for (const reason of reasons) {
            expect(reason.start).toBeGreaterThanOrEqual(start);
            expect(reason.end).toBeLessThanOrEqual(end);
            expect(reason.code).not.toBe('fault');
          }
        }
      }),
    );
  });
});
