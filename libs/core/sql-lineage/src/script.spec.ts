import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_REWRITES, REWRITES } from './parse/rewrites/index.js';
import { readScript } from './script.js';
import { schemaOf } from './schema.js';
import { STATEMENTS } from './statements/index.js';
import type { SqlDialect } from './types.js';

const read = (sql: string, dialect: SqlDialect = 'postgres') => readScript(sql, { dialect });

describe('reading a script', () => {
  it('gives a whole edge', () => {
    const [statement] = read('insert into b (y) select x + 1 from s.a').statements;
    expect(statement).toEqual({
      index: 0,
      start: 0,
      end: 39,
      line: 1,
      kind: 'insert',
      status: 'ok',
      reasons: [],
      sources: [{ schema: 's', name: 'a' }],
      unusedSources: [],
      targets: [{ name: 'b', action: 'write' }],
      renames: [],
      swaps: [],
      tableEdges: [{ from: { schema: 's', name: 'a' }, to: { name: 'b' } }],
      columnEdges: [
        {
          from: { table: { schema: 's', name: 'a' }, column: 'x' },
          to: { table: { name: 'b' }, column: 'y', ordinal: 0 },
          type: 'DIRECT',
          subtype: 'TRANSFORMATION',
          confidence: 'single-source',
          expression: 'x + 1',
        },
      ],
      generated: [],
    });
  });

  it.each([
    ['a constant', "insert into b (y, z) select x, date '2026-06-30' from a", ['b.z']],
    ['a count', 'insert into b (y, z) select x, count(*) from a group by x', ['b.z']],
    [
      'a constant chosen by a column is made from it',
      "insert into b (y) select case x when 1 then 'one' end from a",
      [],
    ],
    ['a default', 'insert into b (y, z) values (1, default)', ['b.y', 'b.z']],
    ['an update', 'update b set y = 1, z = x', ['b.y']],
    ['nothing of the kind', 'insert into b (y) select x from a', []],
    ['no target', 'select 1', ['?.?column?']],
  ])('names columns that no column feeds: %s', (_, sql, expected) => {
    const generated = read(sql).statements.flatMap((statement) => statement.generated);
    expect(generated.map(({ to }) => `${to.table?.name ?? '?'}.${to.column}`)).toEqual(expected);
  });

  it.each([
    ['the schema has it', 'select x from known', 'schema'],
    ['there is only one table', 'select x from a', 'single-source'],
    ['its qualifier names the table', 'select a.x from a, b', 'single-source'],
    ['two tables could have it', 'select x from a, b', 'ambiguous'],
    ['the schema denies it', 'select known.z from known', 'unknown'],
    ['a star cannot be expanded', 'select * from a', 'unknown'],
  ])('says how sure it is: %s', (_, sql, confidence) => {
    const schema = schemaOf([{ name: 'known', columns: ['x'] }], 'postgres');
    const [statement] = readScript(sql, { dialect: 'postgres', schema }).statements;
    expect(statement?.columnEdges.map((edge) => edge.confidence)).toEqual([confidence]);
  });

  it('puts the default schema before bare names, but not before CTEs and temporary tables', () => {
    const { statements } = readScript(
      'create temp table t as select 1 as k; with c as (select k from t) insert into b select x, k from a, c',
      {
        dialect: 'postgres',
        defaultCatalog: 'dw',
        defaultSchema: 'risk',
      },
    );
    expect(statements[1]?.sources).toEqual([
      { catalog: 'dw', schema: 'risk', name: 'a' },
      { name: 't', temporary: true },
    ]);
    expect(statements[1]?.targets).toEqual([{ catalog: 'dw', schema: 'risk', name: 'b', action: 'write' }]);
  });

  it('places reasons, after Chinese text and emoji too', () => {
    const sql = "select '😀';\n\nselect '😀', 表.余额,\n  丢失 from 表, 另表";
    const [, statement] = read(sql).statements;
    const [reason] = statement?.reasons ?? [];
    expect(reason).toMatchObject({ code: 'ambiguous-column', line: 4 });
    expect(sql.slice(reason?.start, reason?.end)).toBe('丢失');
  });

  it('places what the parser refused', () => {
    const sql = 'select 1;\nselect 😀 frm';
    const bad = read(`${sql};\nselect x from where y`).statements[2];
    expect(bad).toMatchObject({ status: 'failed', kind: 'select', reasons: [{ code: 'not-parsed', line: 3 }] });
  });

  it('counts how many statements ended how', () => {
    const { totals } = read(
      'select x from a; call p(); select from where; insert into a (x) select y, z from b; vacuum',
    );
    expect(totals).toEqual({ ok: 2, partial: 1, fallback: 0, opaque: 1, failed: 1 });
  });

  it.each([
    ['brackets', `select x from t where ${'('.repeat(3_000)}y = 1${')'.repeat(3_000)}`, 2],
    ['derived tables', `select x from ${'(select x from '.repeat(100)}t${') d'.repeat(100)}`, 1],
    ['derived tables without end', `select x from ${'(select x from '.repeat(1_000)}t${') d'.repeat(1_000)}`, 1],
    [
      'named queries',
      `with c0 as (select x from t), ${Array.from({ length: 1_500 }, (_, at) => `c${at + 1} as (select x from c${at})`).join(', ')} select x from c1500`,
      1,
    ],
    ['||', `select ${Array.from({ length: 3_000 }, (_, at) => `c${at}`).join(' || ')} as x from t`, 3_000],
    [
      '+ and CASE',
      `select ${Array.from({ length: 600 }, (_, at) => `case when c${at} = 1 then 1 end`).join(' + ')} as x from t`,
      1_200,
    ],
    [
      'AND',
      `select x from t where ${Array.from({ length: 3_000 }, (_, at) => `c${at} between 1 and 2`).join(' and ')}`,
      3_001,
    ],
    ['UNION', Array.from({ length: 1_000 }, (_, at) => `select c${at} as x from t`).join(' union all '), 1_000],
    ['IN', `select x from t where y in (${Array.from({ length: 100_000 }, (_, at) => at).join(', ')})`, 2],
    [
      'VALUES',
      `insert into u (x) values ${Array.from({ length: 20_000 }, (_, at) => `(${at})`).join(', ')}, ((select y from t))`,
      1,
    ],
  ])('reads more than the parser or the stack takes: %s', (_, sql, edges) => {
    const [statement] = read(sql).statements;
    expect(statement).toMatchObject({ status: 'ok', sources: [{ name: 't' }] });
    expect(statement?.columnEdges).toHaveLength(edges);
  });

  it('says that a statement is too deep, and where it is', () => {
    // ClickHouse looks for names of the SELECT list ahead of them, too.
    const deep = Array.from({ length: 5_000 }, (_, at) => `a${at + 1} as a${at}`).join(', ');
    const { statements } = read(`select x from t;\nselect ${deep} from t`, 'clickhouse');
    expect(statements).toMatchObject([
      { status: 'ok' },
      { status: 'failed', line: 2, reasons: [{ code: 'too-deep', start: 17, line: 2 }] },
    ]);
  });

  it('gives up where nothing helps, and goes on', () => {
    const deep = `select x from t where y in ${'(select y from t where y in '.repeat(200)}(1)${')'.repeat(200)}`;
    const { statements } = read(`${deep}; select x from a`);
    expect(statements.map(({ status }) => status)).toEqual(['failed', 'ok']);
  });

  it('reads long chains that the parser takes', () => {
    const union = Array.from({ length: 500 }, (_, at) => `select c${at} from t${at}`).join(' union all ');
    const ctes = Array.from({ length: 200 }, (_, at) => `c${at + 1} as (select x + 1 as x from c${at})`).join(', ');
    const { statements } = read(`${union}; with c0 as (select x from a), ${ctes} select x from c200`);
    expect(statements.map(({ columnEdges }) => columnEdges.length)).toEqual([500, 1]);
    expect(statements[1]?.columnEdges[0]?.from).toEqual({ table: { name: 'a' }, column: 'x' });
  });

  it('does not drown in queries that read the one before twice', () => {
    const ctes = Array.from(
      { length: 60 },
      (_, at) => `c${at + 1} as (select p.x + q.x as x, p.y || q.y as y from c${at} p join c${at} q on p.x = q.y)`,
    );
    const { statements } = read(`with c0 as (select x, y from a), ${ctes.join(', ')} select * from c60`);
    expect(statements[0]?.columnEdges).toHaveLength(4); // x, y, and both as join keys
  });

  it('gives a block as one statement, and the statements in it after it, with their own places', () => {
    const sql =
      'select 1;\ncreate procedure p() as $$\nbegin\n  insert into b (y) select x from 表;\n  call q();\nend $$ language plpgsql;\nselect 2';
    const { statements } = read(sql);
    expect(
      statements.map(({ index, parent, kind, status, line, start, end }) => [
        index,
        parent,
        kind,
        status,
        line,
        sql.slice(start, end).slice(0, 16),
      ]),
    ).toEqual([
      [0, undefined, 'select', 'ok', 1, 'select 1'],
      [1, undefined, 'procedure', 'ok', 2, 'create procedure'],
      [2, 1, 'insert', 'ok', 4, 'insert into b (y'],
      [3, 1, 'other', 'opaque', 5, 'call q()'],
      [4, undefined, 'select', 'ok', 7, 'select 2'],
    ]);
  });

  it('places dynamic SQL in its literal', () => {
    const sql = "begin\n  execute immediate\n    'insert into b (y) select x, 丢失 from 表, c';\nend;";
    const [, statement] = readScript(sql, { dialect: 'oracle' }).statements;
    expect(sql.slice(statement?.start, statement?.end)).toBe('insert into b (y) select x, 丢失 from 表, c');
    expect(statement?.reasons.map(({ start, end, line }) => [sql.slice(start, end), line])).toContainEqual(['丢失', 3]);
  });

  it('joins tables that only a variable joins', () => {
    const sql = 'declare v number; begin select x into v from a; insert into b (y) values (v); end;';
    const [, , statement] = readScript(sql, { dialect: 'oracle' }).statements;
    expect(statement?.tableEdges).toEqual([{ from: { name: 'A' }, to: { name: 'B' } }]);
    expect(statement?.sources).toEqual([]);
  });

  it('reads a procedure of 3,000 lines', () => {
    const body = Array.from(
      { length: 1_000 },
      (_, at) =>
        `  select max(x${at}) into v${at % 50} from s${at};\n  v${(at + 1) % 50} := v${at % 50} + 1;\n  insert into t${at} (y) values (v${at % 50});\n`,
    );
    const variables = Array.from({ length: 50 }, (_, at) => `  v${at} number;\n`).join('');
    const sql = `create or replace procedure big is\n${variables}begin\n${body.join('')}end big;\n/`;
    const { statements, totals } = readScript(sql, { dialect: 'oracle' });
    expect(totals).toMatchObject({ ok: 2_001 }); // 1,000 × 2 statements + the procedure
    expect(statements.at(-1)).toMatchObject({ line: 3_052, columnEdges: [{ from: { column: 'X999' } }] }); // 1 + 50 + 1 + 3,000
  });

  it.each([
    ['oracle', 'begin ', 'insert into b (y) select x from a; ', 'end; '],
    ['oracle', 'for i in 1 .. 3 loop ', 'insert into b (y) select x from a; ', 'end loop; '],
    ['tsql', 'if @a = 1 begin ', 'insert into b (y) select x from a ', 'end else begin print 1 end '],
    ['mysql', 'begin ', 'if 1 then insert into b (y) select x from a; end if; ', 'end; '],
  ] as const)('reads code that is nested 50 deep: %s, %s', (dialect, open, inner, close) => {
    const code = open.repeat(50) + inner + close.repeat(50);
    const sql = { oracle: `begin ${code} end;`, tsql: code, mysql: `create procedure p() begin ${code} end` }[dialect];
    const { statements } = readScript(sql, { dialect });
    expect(statements.map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  it('says so when code is nested deeper than anyone writes', () => {
    const { statements } = readScript(`${'begin '.repeat(100_000)} null; ${'end; '.repeat(100_000)}`, {
      dialect: 'oracle',
    });
    expect(statements.map(({ status, reasons }) => [status, reasons[0]?.code])).toEqual([['opaque', 'runs-code']]);
  });

  it('gives other dialects to the parser as they are', () => {
    expect(readScript('select `x` from `a`', { dialect: 'mysql' }).statements[0]?.columnEdges[0]?.from.column).toBe(
      'x',
    );
    expect(readScript('select x from a', { dialect: 'oracle' }).statements[0]?.columnEdges[0]?.from).toEqual({
      table: { name: 'A' },
      column: 'X',
    });
    expect(readScript('select [x] from [a b]', { dialect: 'tsql' }).statements[0]?.sources).toEqual([{ name: 'a b' }]);
  });
});

describe('the lists', () => {
  const sourcesIn = (folder: string) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((file) => !file.endsWith('.spec.ts'))
      .sort();

  it('has every rewrite of the folder', () => {
    const helpers = ['index.ts', 'rewrite.ts'];
    expect([...FIRST_REWRITES, ...REWRITES].map(({ name }) => `${name.replaceAll(' ', '-')}.ts`).sort()).toEqual(
      sourcesIn('parse/rewrites').filter((file) => !helpers.includes(file)),
    );
  });

  it('gives each node of the parser to one statement', () => {
    const nodes = STATEMENTS.flatMap((statement) => statement.nodes);
    expect(new Set(nodes).size).toBe(nodes.length);
  });
});
