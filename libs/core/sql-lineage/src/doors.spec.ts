import { dialectNamed, extractLineage, extractView, failedScript, lineageRecord, schemaOf } from '#core/sql-lineage';
import { line } from './cases/notation.js';

describe('a view given as a bare SELECT', () => {
  const name = { schema: 'risk', name: 'v' };

  it('gets the view as its target, and the view’s names', async () => {
    const sql = ' SELECT a.x,\n    sum(a.y) AS sum\n   FROM dwd.a\n  WHERE (a.k = 1)\n  GROUP BY a.x;';
    const view = await extractView({ name, columns: ['客户', 'total'], sql }, { dialect: 'postgres' });
    expect(view).toMatchObject({ kind: 'create_view', status: 'ok', targets: [{ ...name, action: 'write' }] });
    expect(view.tableEdges).toEqual([{ from: { schema: 'dwd', name: 'a' }, to: name }]);
    expect(view.columnEdges.map(line)).toEqual([
      'dwd.a.x -> risk.v.客户',
      'dwd.a.y -> risk.v.total aggregation',
      'dwd.a.k ~> risk.v filter',
      'dwd.a.x ~> risk.v group_by',
    ]);
  });

  it('keeps the query’s names when the view’s are not given', async () => {
    const view = await extractView({ name, sql: 'select x as y from a' }, { dialect: 'postgres' });
    expect(view.columnEdges.map(line)).toEqual(['a.x -> risk.v.y']);
  });

  it('takes a whole CREATE VIEW', async () => {
    const view = await extractView({ name, sql: 'create view w (p) as select x from a' }, { dialect: 'postgres' });
    expect(view.columnEdges.map(line)).toEqual(['a.x -> w.p']);
  });

  it('refuses two statements', async () => {
    await expect(extractView({ name, sql: 'select 1; select 2' }, { dialect: 'postgres' })).rejects.toThrow(
      'risk.v holds 2 statements',
    );
  });
});

describe('a schema from a list', () => {
  const schema = schemaOf(
    [
      { schema: 's1', name: 'a', columns: ['x'] },
      { schema: 's2', name: 'a', columns: ['y'] },
      { schema: 's2', name: 'B', columns: ['z'] },
    ],
    'postgres',
  );

  it.each([
    ['its full name', { schema: 's1', name: 'a' }, ['x']],
    ['a name that only one table has', { name: 'B' }, ['z']],
    ['a name that two tables have', { name: 'a' }, undefined],
    ['another spelling, where case counts', { name: 'b' }, undefined],
    ['another schema', { schema: 's3', name: 'a' }, undefined],
  ])('finds a table by %s', (_, table, columns) => {
    expect(schema.columnsOf(table)).toEqual(columns);
  });
});

describe('a record of JSON Lines', () => {
  it('is answered in the protocol’s words', async () => {
    const answer = await lineageRecord({
      id: '1',
      dialect: 'PostgreSQL',
      prelude: 'create table c (p int)',
      sql: 'insert into c select sum(x) from s.a where k; truncate d; drop table e; alter table f rename to g',
      schema: { 's.a': { x: 'int', k: 'bool' } },
    });
    const nothing = {
      swaps: [],
      renames: [],
      drops: [],
      alters: [],
      unusedReads: [],
      reads: [],
      writes: [],
      columns: [],
      status: 'ok',
    };
    expect(answer).toEqual({
      id: '1',
      statements: [
        {
          ...nothing,
          kind: 'insert',
          offset: 0,
          length: 44,
          reads: ['s.a'],
          writes: ['c'],
          columns: [
            {
              from: { table: 's.a', column: 'x' },
              to: { table: 'c', column: 'p', ordinal: 0, expression: 'SUM(x)' },
              type: 'DIRECT',
              subtype: 'AGGREGATION',
              confidence: 'schema',
              expression: 'SUM(x)',
            },
            {
              from: { table: 's.a', column: 'k' },
              to: { table: 'c', column: null, ordinal: undefined },
              type: 'INDIRECT',
              subtype: 'FILTER',
              confidence: 'schema',
            },
          ],
        },
        { ...nothing, kind: 'delete', offset: 46, length: 10, writes: ['d'] },
        { ...nothing, kind: 'drop', offset: 58, length: 12, drops: ['e'] },
        { ...nothing, kind: 'rename', offset: 72, length: 25, renames: [['f', 'g']] },
      ],
    });
  });
});

describe('what a record says of tables', () => {
  const answer = async (record: Omit<Parameters<typeof lineageRecord>[0], 'id'>) => {
    const { statements } = await lineageRecord({ id: '1', ...record });
    return statements;
  };

  it('swaps, renames, caches and files', async () => {
    const statements = await answer({
      dialect: 'snowflake',
      sql: "alter table a swap with s.b; alter table c rename to d; copy into t from 's3://x/y.csv'",
    });
    expect(statements).toMatchObject([
      { kind: 'swap', swaps: [['A', 'S.B']], reads: [], writes: [] },
      { kind: 'rename', renames: [['C', 'D']] },
      { kind: 'copy', reads: ['path:s3://x/y.csv'], writes: ['T'] },
    ]);
    expect(await answer({ dialect: 'spark', sql: 'cache table c as select x from a' })).toMatchObject([
      { kind: 'cache', reads: ['a'], writes: ['c'] },
    ]);
  });

  it('names with dots in quotes', async () => {
    const [statement] = await answer({ dialect: 'hive', sql: 'select x from dw.`a.b`' });
    expect(statement).toMatchObject({ reads: ['dw."a.b"'] });
  });

  it('sees through the views of the prelude, for nobody is told of them', async () => {
    const statements = await answer({
      dialect: 'impala',
      prelude: ['create view v as select * from a', 'create view w as select * from v'],
      sql: 'create view u as select x from w; select x from u',
      schema: { a: { x: 'int' } },
    });
    expect(statements).toMatchObject([
      { kind: 'create_view', reads: ['a'], columns: [{ from: { table: 'a', column: 'x' } }] },
      { kind: 'select', reads: ['u'], columns: [{ from: { table: 'u', column: 'x' } }] },
    ]);
  });

  it('uses names of the SELECT list where the option says so', async () => {
    const record = { dialect: 'ansi', sql: 'insert into b (p, q) select x as y, y || z from a' };
    const [statement] = await answer({
      ...record,
      schema: { a: { x: 't', z: 't' } },
      options: { lateralColumnAlias: true },
    });
    expect(statement).toMatchObject({ status: 'ok' });
  });
});

describe('names of dialects', () => {
  it.each([
    ['PostgreSQL', 'postgres'],
    ['GaussDB', 'postgres'],
    ['MaxCompute', 'hive'],
    ['impala', 'hive'],
    ['dm', 'oracle'],
    ['SQL Server', 'tsql'],
    ['MariaDB', 'mysql'],
    ['athena', 'trino'],
    ['ansi', 'generic'],
    ['klingon', undefined],
  ])('%s is read as %s', (name, dialect) => {
    expect(dialectNamed(name)).toBe(dialect);
  });
});

describe('a script that could not be read', () => {
  it('has every statement, with the reason', () => {
    const script = failedScript(
      'insert into b select x from a;\nselect 1',
      { dialect: 'postgres' },
      'not-finished',
      'Too slow.',
    );
    expect(script.totals.failed).toBe(2);
    expect(script.statements.map(({ kind, reasons }) => [kind, reasons[0]?.message, reasons[0]?.line])).toEqual([
      ['insert', 'Too slow.', 1],
      ['select', 'Too slow.', 2],
    ]);
  });

  it('reads the same through the door', async () => {
    const { statements } = await extractLineage('insert into b (y) select x from a', { dialect: 'postgres' });
    expect(statements.flatMap(({ columnEdges }) => columnEdges.map(line))).toEqual(['a.x -> b.y']);
  });
});
