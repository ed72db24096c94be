import { FixedClock } from '#kernel';

import { lineageCatalog, type LineageCatalog } from '../../../test/support/lineage-of-source.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';

const day = (text: string) => new Date(`2026-${text}T00:00:00Z`);

describe('routines of PostgreSQL', () => {
  const clock = new FixedClock(day('01-01'));
  let catalog: LineageCatalog;
  const databases: SourceDatabase[] = [];

  beforeAll(async () => {
    catalog = await lineageCatalog(clock);
  });
  afterAll(async () => {
    await catalog.stop();
    for (const database of databases) await database.drop();
  });
  beforeEach(() => clock.set(day('01-01')));

  const register = async (sql: string) => {
    const database = await sourceDatabase(`
      CREATE TABLE a (x int, y int, day date); CREATE TABLE b (x int, y int);
      CREATE SCHEMA etl; CREATE TABLE etl.b (x int); ${sql}
    `);
    databases.push(database);
    return { database, id: await catalog.register('postgres', database.settings) };
  };
  const procedure = (body: string) =>
    `CREATE OR REPLACE PROCEDURE 装载("日 期" date) LANGUAGE plpgsql AS $x$ BEGIN ${body} END $x$;`;

  it.each([
    ['a procedure', procedure(`INSERT INTO b (x) SELECT x FROM a WHERE day = "日 期";`), ['a.x -> b.x'], ['ok', 'ok']],
    [
      'a value through a variable',
      procedure(`DECLARE v int; BEGIN SELECT y INTO v FROM a; UPDATE b SET x = v; END;`),
      ['a.y -> b.x'],
      ['ok', 'ok', 'ok'],
    ],
    [
      'a function in SQL',
      `CREATE FUNCTION f(n int, OUT k int) LANGUAGE sql AS 'INSERT INTO b (y) SELECT y FROM a WHERE x = n RETURNING y'`,
      ['a.y -> b.y'],
      ['ok', 'ok'],
    ],
    [
      'a body that is no text',
      `CREATE PROCEDURE f() BEGIN ATOMIC INSERT INTO b (x) SELECT y FROM a; END`,
      ['a.y -> b.x'],
      ['ok', 'ok'],
    ],
    ['an expression', `CREATE FUNCTION f(n int) RETURNS int RETURN n + 1`, [], ['ok']],
    [
      'dollars in the body',
      procedure(`INSERT INTO b (x) SELECT x FROM a; RAISE NOTICE $$done$$;`),
      ['a.x -> b.x'],
      ['ok', 'ok'],
    ],
    [
      'names where it says itself that it looks for them',
      `CREATE SCHEMA "Odd, 数仓"; CREATE TABLE "Odd, 数仓".b (z int);
       CREATE PROCEDURE etl.f() LANGUAGE sql SET search_path = pg_catalog, "Odd, 数仓", public AS 'INSERT INTO b (z) SELECT x FROM a'`,
      ['a.x -> b.z'],
      ['ok', 'ok'],
    ],
    [
      'the function of a trigger',
      `CREATE FUNCTION etl.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO etl.b (x) VALUES (NEW.y); RETURN NEW; END $$;
       CREATE TRIGGER "注 记" AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION etl.note();
       CREATE TRIGGER off BEFORE UPDATE ON b FOR EACH ROW EXECUTE FUNCTION etl.note(); ALTER TABLE b DISABLE TRIGGER off`,
      ['a.y -> b.x'],
      ['ok', 'ok', 'ok'],
    ],
    [
      'SQL that is put together when it runs',
      procedure(`EXECUTE 'insert into b select * from ' || (SELECT max(x) FROM a);`),
      [],
      ['partial dynamic-sql', 'opaque dynamic-sql'],
    ],
    [
      'another language',
      `CREATE FUNCTION f(n int) RETURNS int LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'`,
      [],
      ['opaque runs-code'],
    ],
    [
      'names of its own schema before those of public',
      `CREATE PROCEDURE etl.f() LANGUAGE sql AS 'INSERT INTO b (x) SELECT x FROM a'; DROP TABLE public.b`,
      ['a.x -> b.x'],
      ['ok', 'ok'],
    ],
  ])('%s', async (_, sql, flows, statuses) => {
    const { id } = await register(sql);
    await catalog.follow(id);
    expect(await catalog.flows(id, 'routine')).toEqual(flows);
    const statements = await catalog.statements(id, 'routine');
    expect(statements.map((said) => said.slice(said.lastIndexOf(': ') + 2))).toEqual(statuses);
  });

  it('two of one name stay two, and an aggregate is none', async () => {
    const { database, id } = await register(`
      CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
      CREATE FUNCTION f(n text) RETURNS text LANGUAGE sql AS 'SELECT n';
      CREATE AGGREGATE g(int) (SFUNC = int4pl, STYPE = int);
    `);
    expect(await catalog.follow(id)).toMatchObject({ scripts: 2, read: 2 });
    const names = (await catalog.statements(id, 'routine')).map((said) => said.slice(0, said.indexOf(':')));
    expect([...new Set(names)]).toEqual(['n integer', 'n text'].map((types) => `${database.name}.public.f(${types})`));
  });

  it('change and vanish on both time axes, and are left alone when nothing changed', async () => {
    const { database, id } = await register(procedure('INSERT INTO b (x) SELECT x FROM a;'));
    expect(await catalog.follow(id)).toMatchObject({ scripts: 1, read: 1, statements: { ok: 2 } });
    clock.set(day('01-15'));
    expect(await catalog.follow(id)).toMatchObject({ scripts: 1, read: 0, edgesAdded: 0, edgesClosed: 0 });
    clock.set(day('02-01'));
    await database.run(procedure('INSERT INTO b (x) SELECT y FROM a;'));
    await catalog.follow(id);
    clock.set(day('03-01'));
    await database.run('DROP PROCEDURE 装载');
    expect(await catalog.follow(id)).toMatchObject({ statements: {} });

    expect(await catalog.flows(id, 'routine')).toEqual([]);
    const flows = (validAt: Date, recordedAt?: Date) =>
      catalog.flows(id, 'routine', { validAt, ...(recordedAt && { recordedAt }) });
    expect(await flows(day('01-20'))).toEqual(['a.x -> b.x']);
    expect(await flows(day('02-20'))).toEqual(['a.y -> b.x']);
    expect(await flows(day('03-20'))).toEqual([]);
    // As it was held before the change was seen.
    expect(await flows(day('02-20'), day('01-20'))).toEqual(['a.x -> b.x']);
    expect(await flows(day('03-20'), day('02-20'))).toEqual(['a.y -> b.x']);

    clock.set(day('04-01'));
    await database.run(procedure('INSERT INTO b (x) SELECT x FROM a;'));
    await catalog.follow(id);
    expect(await catalog.flows(id, 'routine')).toEqual(['a.x -> b.x']);
    expect(await flows(day('03-20'))).toEqual([]);
  });
});
