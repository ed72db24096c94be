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
