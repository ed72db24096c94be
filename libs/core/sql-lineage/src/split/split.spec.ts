import fc from 'fast-check';
import { dialectOf } from '../dialects.js';
import { scan } from './scan.js';
import { leadingWords, split } from './split.js';

const postgres = dialectOf('postgres').lex;
const texts = (sql: string, rules = postgres) => split(sql, rules).map(({ text }) => text);

describe('splitting a script', () => {
  it.each([
    ['nothing', '', []],
    ['only blanks, comments and semicolons', ' ;; -- a;\n /* b; */ ;', []],
    ['two statements', 'select 1; select 2', ['select 1', 'select 2']],
    ['a semicolon in a string', "select ';'; select 2", ["select ';'", 'select 2']],
    ['a doubled quote', "select 'it''s;'; select 2", ["select 'it''s;'", 'select 2']],
    ['a backslash that means nothing', "select '\\'; select 2", ["select '\\'", 'select 2']],
    ['an E-string', "select E'\\';'; select 2", ["select E'\\';'", 'select 2']],
    ['a quoted name', 'select "a;""b"; select 2', ['select "a;""b"', 'select 2']],
    ['a line comment', 'select 1 -- ; no\n, 2; select 3', ['select 1 -- ; no\n, 2', 'select 3']],
    ['nested comments', 'select 1 /* ; /* ; */ ; */ + 2; select 3', ['select 1 /* ; /* ; */ ; */ + 2', 'select 3']],
    ['a dollar string', 'do $$ a; b $$; select 1', ['do $$ a; b $$', 'select 1']],
    ['a tagged dollar string', 'do $f$ a; $$ b; $$ c $f$; select 1', ['do $f$ a; $$ b; $$ c $f$', 'select 1']],
    ['a dollar in a name', 'select a$b$c; select 1', ['select a$b$c', 'select 1']],
    ['a parameter', 'select $1; select $2', ['select $1', 'select $2']],
    [
      'BEGIN ATOMIC',
      'create function f() returns int begin atomic select case when a then 1 end; select 2; end; select 3',
      ['create function f() returns int begin atomic select case when a then 1 end; select 2; end', 'select 3'],
    ],
    [
      'rows after COPY',
      'copy t from stdin;\n1\t;\n2\n\\.\nselect 1;',
      ['copy t from stdin;\n1\t;\n2\n\\.', 'select 1'],
    ],
    ['psql commands', "\\set x 'it;\nselect 1;\n\\echo done", ["\\set x 'it;", 'select 1', '\\echo done']],
    ['comments around a statement are left out', '-- first\nselect 1 -- last\n;', ['select 1']],
    ['an unfinished quote runs to the end', "select 'a; select 2", ["select 'a; select 2"]],
    ['an unfinished comment is blank', 'select 1; /* a; b', ['select 1']],
    ['full-width semicolons are letters', 'select a；b', ['select a；b']],
  ])('%s', (_, sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  it('knows the quotes of other dialects', () => {
    expect(texts('select `a;b`; select 2', dialectOf('mysql').lex)).toEqual(['select `a;b`', 'select 2']);
    expect(texts("select 'a\\';'; select 2", dialectOf('mysql').lex)).toEqual(["select 'a\\';'", 'select 2']);
    expect(texts('select [a;b]; select 2', dialectOf('tsql').lex)).toEqual(['select [a;b]', 'select 2']);
    expect(texts('select 1 # ;\n; select 2', dialectOf('mysql').lex)).toEqual(['select 1', 'select 2']);
  });

  it.each([
    [
      'Oracle’s quotes',
      'oracle',
      "select q'[a;']' from t; select Nq'{;}' from t",
      ["select q'[a;']' from t", "select Nq'{;}' from t"],
    ],
    ['a slash', 'oracle', 'select 1 from t\n/\nselect a\n / b from t\n/', ['select 1 from t', 'select a\n / b from t']],
    [
      'a block between SQL',
      'oracle',
      'select 1 from t;\nbegin null; end;\n/\nselect 2 from t;',
      ['select 1 from t', 'begin null; end;', 'select 2 from t'],
    ],
    [
      'two procedures without a slash',
      'oracle',
      'create procedure p is begin null; end p;\ncreate or replace procedure q as begin null; end;',
      ['create procedure p is begin null; end p;', 'create or replace procedure q as begin null; end;'],
    ],
    [
      'a command for SQL*Plus',
      'oracle',
      'set echo on\nprompt a; b\nset role x;',
      ['set echo on', 'prompt a; b', 'set role x'],
    ],
    ['N’…’', 'tsql', "select N';' select 2", ["select N';'", 'select 2']],
    [
      'GO',
      'tsql',
      'select 1\nGO\n select go from t\n go 3 -- again\n',
      ['select 1', 'GO', 'select go from t', 'go 3 -- again'],
    ],
    ['a lone semicolon', 'tsql', ';\n;select 1;;', ['select 1']],
    [
      'a name that looks like a keyword',
      'tsql',
      'select t.[select], [from] from [update] insert into a ([set]) values (1)',
      ['select t.[select], [from] from [update]', 'insert into a ([set]) values (1)'],
    ],
    [
      'DELIMITER',
      'mysql',
      'delimiter ;;\nselect 1;;\nselect 2 ;;\ndelimiter ;\nselect 3;',
      ['delimiter ;;', 'select 1', 'select 2', 'delimiter ;', 'select 3'],
    ],
    [
      'a body that begins with a label',
      'mysql',
      'x: begin select 1; end x; select 2',
      ['x: begin select 1; end x;', 'select 2'],
    ],
    ['cells of a notebook', 'databricks', 'select 1\n\n-- COMMAND ----------\n\nselect 2', ['select 1', 'select 2']],
    ['cells that nobody separates', 'databricks', 'select 1 -- COMMAND\n, 2', ['select 1 -- COMMAND\n, 2']],
  ] as const)('%s', (_, dialect, sql, expected) => {
    expect(texts(sql, dialectOf(dialect).lex)).toEqual(expected);
  });

  it.each(['oracle', 'tsql', 'mysql', 'postgres', 'clickhouse'] as const)(
    'comes to an end with any text: %s',
    (name) => {
      const { lex } = dialectOf(name);
      const word = fc.constantFrom(
        ...'begin end if then else loop while for case when declare set select insert into from create procedure function trigger package body is as ( ) ; / @ : = , go exec execute fetch open return merge update with delimiter // $$ x . \n'.split(
          ' ',
        ),
        '\n',
      );
      fc.assert(
        fc.property(fc.array(word, { maxLength: 30 }), (words) => {
          const sql = words.join(' ');
          let at = 0;
          for (const { start, end } of split(sql, lex)) {
            expect(start).toBeGreaterThanOrEqual(at);
            expect(end).toBeGreaterThan(start);
            at = end;
          }
          expect(at).toBeLessThanOrEqual(sql.length);
        }),
      );
    },
  );

  it('counts offsets in UTF-16 units and lines from 1, after Chinese text and emoji', () => {
    const sql = "select '😀';\n-- 注释；\nselect 金额\n  from 表;";
    expect(split(sql, postgres)).toEqual([
      { start: 0, end: 11, line: 1, text: "select '😀'" },
      { start: 20, end: 38, line: 3, text: 'select 金额\n  from 表' },
    ]);
  });

  it('loses nothing but blanks, comments and semicolons', () => {
    const pieces = fc.constantFrom(
      'select',
      ' ',
      '\n',
      ';',
      "'a;b'",
      '"c;d"',
      '$$e;f$$',
      '/* ; */',
      '--;\n',
      '表',
      '😀',
      'a',
      '(',
      ',',
      "'",
      '"',
      '$',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        const sql = parts.join('');
        const statements = split(sql, postgres);
        let at = 0;
        for (const { start, end, text, line } of statements) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(sql.slice(start, end)).toBe(text);
          expect(line).toBe(sql.slice(0, start).split('\n').length);
          at = end;
        }
        const covered = (offset: number) => statements.some(({ start, end }) => offset >= start && offset < end);
        for (const token of scan(sql, postgres))
          if (token.kind !== 'blank' && sql.slice(token.start, token.end) !== ';')
            expect(covered(token.start)).toBe(true);
      }),
    );
  });
});

describe('scanning', () => {
  it('covers the text without gaps', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (sql) => {
        let at = 0;
        for (const token of scan(sql, postgres)) {
          expect(token.start).toBe(at);
          expect(token.end).toBeGreaterThan(token.start);
          at = token.end;
        }
        expect(at).toBe(sql.length);
      }),
    );
  });

  it('gives the first words of a statement', () => {
    expect(leadingWords('/* x */ CREATE  or Replace\nVIEW "v" as', postgres)).toBe('create or replace view');
    expect(leadingWords('(select 1)', postgres)).toBe('select');
  });
});
