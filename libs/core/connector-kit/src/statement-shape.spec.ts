import { movesData, shapeOf, type SqlFamily } from '#core/connector-kit';

describe('the shape of a statement', () => {
  it.each<[string, SqlFamily, string, string | undefined]>([
    ['texts and numbers', 'postgres', `SELECT 'a''b', 1.5e-3, 42 FROM t2`, 'SELECT $1, $2, $3 FROM t2'],
    ['what was normalised before', 'postgres', 'SELECT $2 FROM a WHERE x = $1', 'SELECT $1 FROM a WHERE x = $2'],
    ['texts in dollars', 'postgres', 'SELECT $$张三$$, $q$a $$ b$q$ FROM a', 'SELECT $1, $2 FROM a'],
    ['names stay', 'postgres', `SELECT "张三's"."a""b" FROM x$1`, `SELECT "张三's"."a""b" FROM x$1`],
    ['comments in comments go', 'postgres', 'SELECT /* a /* 张三 */ 李四 */ x -- 王五\nFROM a', 'SELECT x FROM a'],
    [
      'lists are one',
      'postgres',
      'SELECT 1 WHERE x IN ($1 /*, ... */) OR y in (1,2, 3)',
      'SELECT $1 WHERE x IN ($2) OR y IN ($3)',
    ],
    ['columns of values stay', 'postgres', `SELECT 1, 'a', x FROM a`, 'SELECT $1, $2, x FROM a'],
    ['rows of values are one', 'postgres', `JOIN (VALUES (1, 'a'), (2, 'b')) v`, 'JOIN (VALUES ($1, $2)) v'],
    [
      'typed values',
      'postgres',
      `SELECT DATE '2026-01-01', interval '1' day, timestamp with time zone $1 + x`,
      'SELECT $1, $2, $3 + x',
    ],
    ['prefixes go with their text', 'postgres', `SELECT E'a\\nb', x'1F', U&'d', N'e'`, 'SELECT $1, $2, $3, $4'],
    ['a text that is cut off', 'postgres', `SELECT 'Zhang S`, undefined],
    ['a comment that is cut off', 'postgres', `SELECT 1 /* Zhang S`, undefined],
    ['dollars that are cut off', 'postgres', `SELECT $a$ Zhang S`, undefined],
    ['a name that is cut off', 'postgres', `SELECT "Zhang S`, undefined],
    ['a backslash that may end the text or not', 'postgres', `SELECT 'a\\' , 'Zhang'`, undefined],
    [
      'MySQL: texts in either quotes',
      'mysql',
      `SELECT "it's", 'a"b', 0x1F FROM t WHERE n = _utf8mb4'x'`,
      'SELECT ?, ?, ? FROM t WHERE n = ?',
    ],
    [
      'MySQL: comments',
      'mysql',
      `SELECT x # 张三\n, y -- 李四\n, z /* 王五 */ FROM \`a#1\``,
      'SELECT x , y , z FROM `a#1`',
    ],
    ['MySQL: a minus before a value', 'mysql', 'SELECT a--1', 'SELECT a--?'],
    ['MySQL: units stay', 'mysql', `SELECT DATE '2026-01-01', x + INTERVAL 1 DAY`, 'SELECT ?, x + INTERVAL ? DAY'],
    [
      'MySQL: rows of values are one',
      'mysql',
      `INSERT INTO t VALUES (1, 'a'), (2, 'b')`,
      'INSERT INTO t VALUES (?, ?)',
    ],
    ['MySQL: a text that is cut off', 'mysql', `SELECT "Zhang S`, undefined],
    ['MySQL: a backslash that may end the text or not', 'mysql', `SELECT 'a\\', 'Zhang'`, undefined],
  ])('%s', (_, family, sql, expected) => {
    expect(shapeOf(sql, family)).toBe(expected);
  });

  it('takes a long statement in one go', () => {
    expect(shapeOf(`SELECT 1 WHERE x IN (${"'a', ".repeat(100_000)} 1)`, 'mysql')).toBe('SELECT ? WHERE x IN (?)');
  });
});

it.each<[boolean, SqlFamily, string]>([
  [true, 'postgres', 'INSERT INTO b SELECT x FROM a'],
  [false, 'postgres', 'INSERT INTO b VALUES ($1)'],
  [true, 'postgres', 'WITH a AS (SELECT x FROM c) INSERT INTO b SELECT x FROM a'],
  [false, 'postgres', 'WITH a AS (SELECT x FROM c) SELECT x FROM a'],
  [true, 'postgres', 'UPDATE b SET x = a.x FROM a'],
  [false, 'postgres', 'UPDATE b SET x = x + $1'],
  [true, 'postgres', 'MERGE INTO b USING a ON a.k = b.k WHEN MATCHED THEN UPDATE SET x = a.x'],
  [true, 'postgres', 'CREATE TEMP TABLE b AS SELECT x FROM a'],
  [false, 'postgres', 'CREATE VIEW b AS SELECT x FROM a'],
  [false, 'postgres', 'CREATE TABLE b (x int)'],
  [true, 'postgres', 'SELECT x INTO b FROM a'],
  [false, 'mysql', 'SELECT x INTO @v FROM a'],
  [false, 'postgres', 'COPY b FROM $1'],
  [true, 'mysql', 'UPDATE b, a SET b.x = a.x'],
  [true, 'mysql', 'UPDATE b JOIN a USING (k) SET b.x = a.x'],
  [true, 'mysql', 'REPLACE INTO b SELECT x FROM a'],
  [false, 'mysql', 'DELETE FROM b'],
])('%s: %s %s', (moves, family, shape) => {
  expect(movesData(shape, family)).toBe(moves);
});
