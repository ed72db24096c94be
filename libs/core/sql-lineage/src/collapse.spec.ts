import { lines } from './cases/notation.js';
import { collapseTemporaries, expandViews } from './collapse.js';
import { readScript } from './script.js';

const collapsed = (sql: string) => lines(collapseTemporaries(readScript(sql, { dialect: 'postgres' })));

describe('taking temporary tables out of a script', () => {
  it.each([
    [
      'a chain of two',
      'create temp table t as select x, y + 1 as z from a; create temp table u as select sum(z) as s, x from t group by x; insert into b (p, q) select s, x from u',
      ['a.y -> b.p aggregation', 'a.x -> b.q', 'a.x ~> b group_by'],
    ],
    [
      'what filtered the temporary table',
      'create temp table t as select x from a where k = 1; insert into b (p) select x from t',
      ['a.x -> b.p', 'a.k ~> b filter'],
    ],
    [
      'what the temporary table decides',
      'create temp table t as select x from a; insert into b (p) select c.y from c join t on t.x = c.x',
      ['c.y -> b.p', 'a.x ~> b join', 'c.x ~> b join'],
    ],
    [
      'a star of unknown width',
      'create temp table t as select * from a; insert into b (p) select x from t',
      ['a.* -> b.p', 'reason: unknown-columns'],
    ],
    [
      'filled twice',
      'create temp table t (k int); insert into t select x from a; insert into t select y from b; insert into c (p) select k from t',
      ['a.x -> c.p', 'b.y -> c.p'],
    ],
    [
      'made anew',
      'create temp table t as select x as k from a; drop table t; create temp table t as select y as k from b; insert into c (p) select k from t',
      ['b.y -> c.p', 'read: a'],
    ],
    [
      'read by a bare SELECT',
      'create temp table t as select x from a where k; select x from t',
      ['a.x -> result.x', 'a.k ~> result filter'],
    ],
    [
      'renamed on the way',
      'create temp table t as select x from a; alter table t rename to u; insert into b (p) select x from u',
      ['a.x -> b.p', 'rename: t# to u#'],
    ],
    [
      'not made by this script',
      'create temp table t (k int); drop table t; insert into b (p) select x from a',
      ['a.x -> b.p'],
    ],
    [
      'lasting tables stay',
      'create table t as select x from a; insert into b (p) select x from t',
      ['a.x -> t.x', 't.x -> b.p'],
    ],
  ])('%s', (_, sql, expected) => {
    expect(collapsed(sql).toSorted()).toEqual([...expected].sort());
  });

  it('names the tables that reach the target', () => {
    const script = readScript('create temp table t as select x from a; insert into b (p) select t.x from t, c', {
      dialect: 'postgres',
    });
    expect(collapseTemporaries(script).statements[1]).toMatchObject({
      sources: [{ name: 'c' }, { name: 'a' }],
      tableEdges: [
        { from: { name: 'c' }, to: { name: 'b' } },
        { from: { name: 'a' }, to: { name: 'b' } },
      ],
    });
  });

  it('a constant that went through a temporary table is still one', () => {
    const sql = "create temp table t as select x, 'k' as c from a; insert into b (p, q) select x, c from t";
    const { statements } = collapseTemporaries(readScript(sql, { dialect: 'postgres' }));
    expect(statements.map(({ generated }) => generated.map(({ to }) => `${to.table?.name}.${to.column}`))).toEqual([
      [],
      ['b.q'],
    ]);
  });
});

describe('seeing through the views of a script', () => {
  const expanded = (sql: string) => lines(expandViews(readScript(sql, { dialect: 'hive' })));

  it.each([
    [
      'the view stays, and its reader gets the tables',
      'create view v as select x, y as z from a where k = 1; insert into b (p) select z from v',
      ['a.x -> v.x', 'a.y -> v.z', 'a.k ~> v filter', 'a.y -> b.p', 'a.k ~> b filter'],
    ],
    [
      'a view of a view',
      'create view v as select x from a; create view w as select sum(x) as s from v; select s from w',
      ['a.x -> v.x', 'a.x -> w.s aggregation', 'a.x -> result.s aggregation'],
    ],
    [
      'made anew',
      'create view v as select x from a; alter view v as select y as x from b; select x from v',
      ['a.x -> v.x', 'b.y -> v.x', 'b.y -> result.x'],
    ],
    [
      'dropped, and a table of that name made',
      'create view v as select x from a; drop view v; create table v as select y from b; select y from v',
      ['a.x -> v.x', 'b.y -> v.y', 'v.y -> result.y', 'drop: v'],
    ],
    [
      'spelled otherwise',
      'create view dw.V1 as select x from a; insert into b (p) select x from DW.v1',
      ['a.x -> dw.V1.x', 'a.x -> b.p'],
    ],
    ['tables stay', 'create table t as select x from a; select x from t', ['a.x -> t.x', 't.x -> result.x']],
  ])('%s', (_, sql, expected) => {
    expect(expanded(sql).toSorted()).toEqual([...expected].sort());
  });

  it('leaves temporary tables to the other function', () => {
    const sql = 'create temp view v as select x from a; insert into b (p) select x from v';
    const script = readScript(sql, { dialect: 'spark' });
    expect(lines(collapseTemporaries(script))).toEqual(['a.x -> b.p']);
    expect(lines(expandViews(script))).toEqual(['a.x -> v#.x', 'a.x -> b.p']);
  });
});
