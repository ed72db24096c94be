import { lines } from './cases/notation.js';
import { collapseTemporaries } from './collapse.js';
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
