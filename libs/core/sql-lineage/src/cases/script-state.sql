-- What a script knows at each point: where names lead, what has been renamed, swapped, dropped.

-- # USE names a schema
-- dialect: hive
use dwd; insert into t select x from ods.s; use ods; insert into dwd.u select y from s

-- ods.s.x -> dwd.t.x
-- ods.s.y -> dwd.u.y
-- reason: assumed-columns

-- # USE names a catalog
-- dialect: tsql
use 核心库; select x from t; select y from dbo.u

-- 核心库.t.x -> result.x
-- 核心库.dbo.u.y -> result.y

-- # USE CATALOG and USE SCHEMA
-- dialect: databricks
use catalog 主目录; use schema ods; select x from a; use catalog other; select x from b; select x from ods.b

-- 主目录.ods.a.x -> result.x
-- other.b.x -> result.x
-- other.ods.b.x -> result.x

-- # USE with both, and the first of them stays
-- dialect: snowflake
use database dw; use schema risk; select x from a; use schema hr.pay; select x from b; use warehouse w; select x from c

-- DW.RISK.A.X -> result.X
-- HR.PAY.B.X -> result.X
-- HR.PAY.C.X -> result.X

-- # SWITCH and USE
-- dialect: doris
switch hive_ctl; use ods; select x from a

-- hive_ctl.ods.a.x -> result.x

-- # search_path
-- schema: risk.a(x) core.b(y)
set search_path to risk, core, "$user"; insert into out_t select x, y from a, b; set search_path = other; select z from c

-- risk.a.x -> risk.out_t.x
-- core.b.y -> risk.out_t.y
-- other.c.z -> result.z
-- reason: assumed-columns

-- # SET SCHEMA
set schema 'risk'; select x from a

-- risk.a.x -> result.x

-- # CURRENT_SCHEMA
-- dialect: oracle
alter session set current_schema = dwd; select x from t

-- DWD.T.X -> result.X

-- # USE of ClickHouse and MySQL
-- dialect: clickhouse
use dw; select x from t

-- dw.t.x -> result.x

-- # SWAP: both keep their names, but not their columns
-- dialect: snowflake
-- schema: A(X) B(Y)
alter table a swap with b; insert into c (k) select * from b

-- B.X -> C.K
-- never: B.Y -> C.K

-- # EXCHANGE TABLES
-- dialect: clickhouse
-- schema: a(x) b(y)
exchange tables a and b; insert into c (k) select * from a

-- a.y -> c.k

-- # REPLACE WITH TABLE swaps, or takes the place
-- dialect: doris
alter table a replace with table b; alter table c replace with table d properties ('swap' = 'false')

-- drop: c
-- rename: d to c

-- # RENAME of several
-- dialect: mysql
-- schema: a(x)
rename table a to b, c to d; insert into t (k) select * from b

-- b.x -> t.k
-- rename: a to b
-- rename: c to d

-- # RENAME in a schema, and of a column
-- dialect: oracle
create table t (a number); rename t to u; alter table u rename column a to b; insert into u select x from s

-- S.X -> U.B
-- create: T
-- rename: T to U
-- alter: U

-- # SET SCHEMA and TRANSFER move a table
alter table a.t set schema b

-- rename: a.t to b.t

-- # TRANSFER moves a table
-- dialect: tsql
alter schema hr transfer dbo.t

-- rename: dbo.t to hr.t

-- # SWITCH moves rows
-- dialect: tsql
-- schema: dbo.stage(x) dbo.t(x)
alter table dbo.stage switch partition 1 to dbo.t partition 1

-- dbo.stage.x -> dbo.t.x

-- # EXCHANGE PARTITION both ways
-- dialect: oracle
-- schema: A(X) B(X)
alter table a exchange partition p1 with table b including indexes

-- B.X -> A.X
-- A.X -> B.X

-- # partitions of another table
-- dialect: clickhouse
alter table t replace partition '2026' from s; alter table t move partition '2025' to table archive

-- s.* -> t.*
-- t.* -> archive.*

-- # CACHE TABLE makes a view, UNCACHE leaves it
-- dialect: spark
cache table c as select id, amt from ods.a where k = 1; uncache table c; insert into dwd.t (id) select id from c; cache table dwd.t

-- ods.a.id -> c#.id
-- ods.a.amt -> c#.amt
-- ods.a.k ~> c# filter
-- c#.id -> dwd.t.id

-- # a temporary table that is renamed stays temporary
create temp table t as select x from a; alter table t rename to u; insert into b (k) select x from u

-- a.x -> t#.x
-- u#.x -> b.k
-- rename: t# to u#

-- # columns that come, change and go
-- dialect: hive
create table t (a int, b int); alter table t add columns (c int); alter table t change column b d int; insert into t select x, y, z from s

-- s.x -> t.a
-- s.y -> t.d
-- s.z -> t.c
-- create: t
-- alter: t

-- # a DROP makes room
create table t as select x from a; drop table t; create table t as select y from b; insert into c (k) select * from t

-- a.x -> t.x
-- b.y -> t.y
-- t.y -> c.k
-- drop: t

-- # db links, and other servers
-- dialect: oracle
select t.x from ods.trade@核心 t

-- ODS.TRADE@核心.X -> result.X

-- # four parts, and none between the dots
-- dialect: tsql
select a.x, b.y from srv.db.dbo.t a join db..u b on a.id = b.id

-- srv.db.dbo.t.x -> result.x
-- db.u.y -> result.y
-- srv.db.dbo.t.id ~> result join
-- db.u.id ~> result join

-- # all parts in one pair of quotes
-- dialect: bigquery
select x from `my-project.d.t`

-- my-project.d.t.x -> result.x

-- # files by their format
-- dialect: spark
insert into t (p) select x from parquet.`/lake/a`

-- /lake/a.x -> t.p
-- never: parquet./lake/a.x -> t.p

-- # a schema called like a format
-- dialect: spark
select x from json.orders

-- json.orders.x -> result.x

-- # names by IDENTIFIER
-- dialect: snowflake
insert into identifier('dw.t') (a) select x from identifier('ods.s'); select y from identifier($table)

-- ODS.S.X -> DW.T.A
-- ?.Y -> result.Y
-- status: partial
-- reason: unnamed-table

-- # COPY INTO, both ways
-- dialect: snowflake
copy into dw.t from 's3://bucket/t.csv'; copy into 's3://bucket/out' from (select x from dw.u)

-- DW.U.X -> s3://bucket/out.X
-- read: s3://bucket/t.csv

-- # UNLOAD
-- dialect: redshift
unload ('select x from dw.t where k = ''1''') to 's3://bucket/x' iam_role 'r'

-- dw.t.x -> s3://bucket/x.x
-- dw.t.k ~> s3://bucket/x filter

-- # EXPORT DATA
-- dialect: bigquery
export data options (uri = 'gs://bucket/x', format = 'CSV') as select x from d.t

-- d.t.x -> gs://bucket/x.x

-- # dropping a partition takes its rows away
-- dialect: hive
alter table dwd.t drop if exists partition (dt = '2020-01-01'); alter table dwd.u add columns (c int)

-- delete: dwd.t
-- alter: dwd.u

-- # hints without WITH are no calls
-- dialect: tsql
select a.x from dw.dbo.t (nolock) join dbo.u a (readpast, updlock) on a.id = t.id

-- dbo.u.x -> result.x
-- dbo.u.id ~> result join
-- dw.dbo.t.id ~> result join
