import { sqlReader } from '#core/rule-engine';

const refusal = async (sql: string, dialect: 'postgres' | 'mysql' | 'duckdb' = 'postgres') =>
  (await sqlReader()).refusal(sql, dialect);

it.each([
  ['a query', 'SELECT 1'],
  ['a CTE', 'WITH a AS (SELECT 1 AS x) SELECT * FROM a'],
  ['a set operation', 'SELECT 1 UNION ALL SELECT 2'],
  ['words that only look like writes', `SELECT 'DELETE FROM t' AS "update", x AS into_x FROM "insert" -- DROP TABLE t`],
])('lets %s through', async (_, sql) => {
  expect(await refusal(sql)).toBeUndefined();
});

it.each([
  ['two statements', 'SELECT 1; SELECT 2', /2 statements/],
  ['a statement hidden after a query', 'SELECT 1; DROP TABLE t', /2 statements/],
  ['a write', 'DELETE FROM t', /DELETE/],
  ['a CTE that changes data', 'WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d', /DELETE/],
  ['a CTE that inserts', 'WITH d AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM d', /INSERT/],
  ['CALL', 'CALL p()', /only a query/],
  ['SELECT INTO', 'SELECT * INTO x FROM t', /INTO/],
  ['a lock', 'SELECT * FROM t FOR UPDATE', /locks/],
  ['a lock in a part of it', 'SELECT * FROM (SELECT * FROM t FOR SHARE) AS s', /locks/],
  ['COPY', 'COPY t TO STDOUT', /only a query/],
  ['EXPLAIN ANALYZE, which runs what it explains', 'EXPLAIN ANALYZE DELETE FROM t', /only a query|cannot be read/],
  ['what is no SQL', 'SELECT FROM WHERE', /cannot be read/],
  ['NUL', 'SELECT 1\0', /no database/],
])('refuses %s', async (_, sql, why) => {
  expect(await refusal(sql)).toMatch(why);
});

it('refuses what only MySQL would run', async () => {
  expect(await refusal(`SELECT 1 /*! INTO OUTFILE '/tmp/x' */`, 'mysql')).toMatch(/comment/);
  expect(await refusal('SELECT * INTO @x FROM t', 'mysql')).toMatch(/INTO/);
});
