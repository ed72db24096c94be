-- What is not understood is said.

-- # code in another language is opaque
create function f() returns int language plpython3u as $$ plpy.execute("insert into b select x from a") $$; select y from c

-- c.y -> result.y
-- status: opaque
-- reason: runs-code

-- # a block that looks like a transaction
begin insert into b select x from a

-- status: opaque
-- reason: runs-code

-- # a transaction
begin; start transaction isolation level serializable; commit; rollback to savepoint s; end

-- nothing

-- # statements without lineage
set search_path to a; grant select on a to b; comment on table a is 'x'; create index i on a (x); vacuum full a; create policy p on a; refresh materialized view m

-- nothing

-- # EXPLAIN ANALYZE runs what it explains
explain analyze insert into b select x from a

-- status: opaque
-- reason: runs-code

-- # EXPLAIN alone does not
explain select x from a

-- nothing

-- # a statement that cannot be parsed does not hide the others
select x from a; select from where; select y from b

-- a.x -> result.x
-- b.y -> result.y
-- status: failed
-- reason: not-parsed

-- # a node that is not understood
-- dialect: duckdb
-- schema: a(x, y)
select max(columns('^x')) as m from a

-- a.x -> result.m aggregation
-- a.y -> result.m aggregation
-- status: partial
-- reason: unknown-node

-- # CALL
call load_all()

-- status: opaque
-- reason: runs-code

-- # an unfinished string
select x from a; select 'oh

-- a.x -> result.x
-- status: failed
-- reason: not-parsed
