-- CREATE TABLE and CREATE VIEW as the dialects write them.

-- # LIKE reads the structure: a source, but no column flows
-- dialect: hive
-- schema: a(x)
create table b like a; insert into b select y from s

-- s.y -> b.x
-- read: a
-- create: b
-- never: a.x -> b.x

-- # CLONE takes the rows too
-- dialect: snowflake
create transient table b clone a

-- A.* -> B.*

-- # Delta's clones, and BigQuery's
-- dialect: databricks
-- schema: a(x, y)
create or replace table b shallow clone a version as of 3

-- a.x -> b.x
-- a.y -> b.y

-- # COPY and snapshots
-- dialect: bigquery
create table d.b copy d.a; create snapshot table d.c clone d.a

-- d.a.* -> d.b.*
-- d.a.* -> d.c.*

-- # ClickHouse: a view that feeds a table, and is another name for it
-- dialect: clickhouse
create materialized view dw.mv to dw.t as select id, sum(amt) as s from ods.a group by id; insert into dw.u (s) select s from dw.mv

-- ods.a.id -> dw.t.id
-- ods.a.amt -> dw.t.s aggregation
-- ods.a.id ~> dw.t group_by
-- dw.t.s -> dw.u.s
-- define: dw.mv
-- never: ods.a.id -> dw.mv.id

-- # ClickHouse: AS a table takes the structure
-- dialect: clickhouse
create table b as a engine = Memory; create table c clone as a

-- a.* -> c.*
-- create: b

-- # computed columns are made inside of the table
-- dialect: clickhouse
create table t (x UInt8, y UInt8 materialized x + 1, z UInt8 alias y * 2) engine = MergeTree order by x

-- t.x -> t.y transformation
-- t.y -> t.z transformation
-- create: t

-- # computed columns of a Flink table
-- dialect: flink
create table t (id int, raw string, ts as to_timestamp(raw), watermark for ts as ts - interval '5' second) with ('connector' = 'kafka', 'topic' = 'orders')

-- t.raw -> t.ts transformation
-- create: t
-- never: t.ts -> t.id

-- # a temporary table of Flink lasts outside
-- dialect: flink
create temporary table sink (id int) with ('connector' = 'print'); insert into sink select id from src

-- src.id -> sink.id
-- create: sink

-- # computed columns of T-SQL
-- dialect: tsql
create table dbo.t (a int, b as a * 2 persisted)

-- dbo.t.a -> dbo.t.b transformation
-- create: dbo.t

-- # generated columns
create table t (price int, qty int, total int generated always as (price * qty) stored)

-- t.price -> t.total transformation
-- t.qty -> t.total transformation
-- create: t

-- # MySQL: the query's columns come besides the declared ones, by name
-- dialect: mysql
create table b (id int primary key) select x from a; insert into c select * from b

-- a.x -> b.x
-- b.id -> c.id
-- b.x -> c.x
-- reason: assumed-columns
-- never: a.x -> b.id

-- # Hive: partition columns come last
-- dialect: hive
create external table d.b (x int) partitioned by (dt string) stored as orc location '/w/b'; insert into d.b select p, q from s

-- s.p -> d.b.x
-- s.q -> d.b.dt
-- create: d.b

-- # properties between the name and the query
-- dialect: doris
create table b distributed by hash(x) buckets 1 properties ("replication_num" = "1") as select x from a

-- a.x -> b.x

-- # REPLACE TABLE
-- dialect: databricks
replace table b using delta as select x from a

-- a.x -> b.x

-- # a global temporary table of Oracle lasts
-- dialect: oracle
create global temporary table tmp_a on commit preserve rows as select x from a

-- A.X -> TMP_A.X

-- # a private one does not
-- dialect: oracle
create private temporary table ora$ptt_a as select x from a

-- A.X -> ORA$PTT_A#.X

-- # synonyms
-- dialect: oracle
create or replace synonym trade for ods.trade_2026; insert into dwd.t (a) select id from trade

-- ODS.TRADE_2026.ID -> DWD.T.A
-- define: TRADE

-- # ALTER VIEW AS
-- dialect: hive
alter view v as select x from a

-- a.x -> v.x

-- # CREATE OR ALTER VIEW WITH SCHEMABINDING
-- dialect: tsql
create or alter view dbo.v (p) with schemabinding as select x from dbo.a

-- dbo.a.x -> dbo.v.p

-- # a recursive view
create recursive view v (n) as select x from a union all select n + 1 from v where n < 10

-- a.x -> v.n
-- a.x -> v.n transformation
-- a.x ~> v filter

-- # views of files
-- dialect: spark
create temporary view v using parquet options (path '/lake/v'); insert into t (a) select x from v

-- /lake/v.* -> v#.*
-- v#.x -> t.a
-- reason: unknown-columns

-- # a global temporary view
-- dialect: spark
create global temporary view v as select x from a; insert into t (a) select x from global_temp.v

-- a.x -> global_temp.v#.x
-- global_temp.v#.x -> t.a

-- # INTO a temporary table
-- dialect: tsql
select x into #t from a; insert into b (y) select x from #t

-- a.x -> #t#.x
-- #t#.x -> b.y

-- # dynamic tables
-- dialect: snowflake
create dynamic table d target_lag = '1 minute' warehouse = w as select x from a

-- A.X -> D.X
