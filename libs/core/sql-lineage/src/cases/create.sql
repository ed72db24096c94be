-- CREATE TABLE AS, views, SELECT INTO, and what a script knows afterwards.

-- # CREATE TABLE AS
create table b as select x, y + 1 as z from a

-- a.x -> b.x
-- a.y -> b.z transformation

-- # CREATE TABLE AS with column names
create table b (p, q) as select x, y from a

-- a.x -> b.p
-- a.y -> b.q

-- # CREATE TABLE AS TABLE, and WITH NO DATA
-- schema: a(x)
create table b as table a with no data

-- a.x -> b.x

-- # SELECT INTO
select x into b from a

-- a.x -> b.x

-- # a view with column names
create or replace view v (p, q) as select x, y from a where z

-- a.x -> v.p
-- a.y -> v.q
-- a.z ~> v filter

-- # a materialized view
create materialized view if not exists m as select x from a with no data

-- a.x -> m.x

-- # a later star knows what was created
create table b as select x as p, y as q from a; insert into c select * from b

-- a.x -> b.p
-- a.y -> b.q
-- b.p -> c.p
-- b.q -> c.q
-- reason: assumed-columns

-- # a declared table is known
create table b (p int, q text); insert into b select x, y from a

-- a.x -> b.p
-- a.y -> b.q
-- create: b

-- # a temporary table hides a lasting one, and edges go through it
-- schema: t(old)
create temp table t as select x from a; insert into b (k) select * from t; drop table t; select * from t

-- a.x -> t#.x
-- t#.x -> b.k
-- t.old -> result.old
-- drop: t#

-- # RENAME and columns that come and go
create table b (p int); alter table b rename to c; alter table c add column q int; alter table c rename column p to r; insert into c select x, y from a

-- a.x -> c.r
-- a.y -> c.q
-- create: b
-- rename: b to c
-- alter: c

-- # DROP forgets
create table b as select x from a; drop table b; select * from b

-- a.x -> b.x
-- b.* -> result.*
-- drop: b
-- reason: unknown-columns

-- # CREATE TABLE LIKE copies the columns, not the rows
-- schema: a(x, y)
create table b (like a); insert into b select p, q from s

-- s.p -> b.x
-- s.q -> b.y
-- create: b
-- read: a
-- never: a.x -> b.x
