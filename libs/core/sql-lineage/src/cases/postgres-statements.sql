-- Statements of PostgreSQL.

-- # storage of a table made from a query
create table dw.t with (fillfactor = 70) on commit preserve rows tablespace fast as select a from s with no data

-- s.a -> dw.t.a

-- # a local temporary table
create local temp table t as select a from s; insert into u (b) select a from t

-- s.a -> t#.a
-- t#.a -> u.b

-- # OVERRIDING
insert into t (id, a) overriding system value select x, y from s

-- s.x -> t.id
-- s.y -> t.a

-- # operators that extensions define
select a <<-> b as d, c &&& e as f from t

-- t.a -> result.d transformation
-- t.b -> result.d transformation
-- t.c -> result.f transformation
-- t.e -> result.f transformation

-- # strings that go on in the next line
insert into t (a, b) select 'x'
'y', c from s

-- s.c -> t.b

-- # names with escapes
select u&"a\0061" from t

-- t.aa -> result.aa

-- # psql
\set day '2026-01-01'
\copy crm.cust from '/in/cust.csv' csv
\timing on
select 1 as x from t

-- read: /in/cust.csv
-- read: t

-- # EXPLAIN ANALYZE of a query changes nothing
explain (analyze, buffers) select a from t

-- nothing

-- # house keeping
create index concurrently i on t (a); alter function f(int) owner to u; drop owned by u; create publication p for all tables; alter table t owner to u; alter table t enable row level security; create statistics s on a, b from t; comment on column t.a is '客户'; lock table t in exclusive mode

-- alter: t
