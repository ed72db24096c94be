-- INSERT with partitions (Hive, Spark, Flink), and dialects whose PARTITION names no columns.

-- # a fixed partition is not among the query's columns
-- dialect: hive
-- schema: dwd.loan(id, amount, dt)
insert overwrite table dwd.loan partition (dt = '2026-06-30') select id, amt from ods.loan_src

-- ods.loan_src.id -> dwd.loan.id
-- ods.loan_src.amt -> dwd.loan.amount
-- never: ods.loan_src.amt -> dwd.loan.dt

-- # dynamic partition columns come last
-- dialect: hive
-- schema: dwd.loan(dt, region, id, amount)
insert into table dwd.loan partition (dt, region) select id, amt, day, area from ods.loan_src

-- ods.loan_src.id -> dwd.loan.id
-- ods.loan_src.amt -> dwd.loan.amount
-- ods.loan_src.day -> dwd.loan.dt
-- ods.loan_src.area -> dwd.loan.region

-- # a fixed one before a dynamic one
-- dialect: spark
-- schema: dwd.loan(id, amount, dt, region)
insert overwrite dwd.loan partition (dt = '2026-06-30', region) select id, amt, area from ods.s

-- ods.s.id -> dwd.loan.id
-- ods.s.amt -> dwd.loan.amount
-- ods.s.area -> dwd.loan.region
-- never: ods.s.area -> dwd.loan.dt

-- # partitions of a table nobody knows: the last column still is the partition's
-- dialect: hive
insert overwrite table dwd.t partition (region) select s.id, s.area from ods.s s

-- ods.s.id -> dwd.t.id
-- ods.s.area -> dwd.t.region
-- reason: assumed-columns

-- # partitions and a column list, in both orders
-- dialect: spark
insert into t partition (dt = '1') (b, a) select x, y from s; insert into t (b, a) partition (dt) select x, y, z from s

-- s.x -> t.b
-- s.y -> t.a
-- s.z -> t.dt

-- # IF NOT EXISTS
-- dialect: hive
-- schema: t(a, dt)
insert overwrite table t partition (dt = '1') if not exists select x from s

-- s.x -> t.a

-- # an expression as the fixed value
-- dialect: hive
-- schema: t(a, y, m)
insert into t partition (y = 2026, m = cast(6 as int)) select x from s

-- s.x -> t.a

-- # a star into a partitioned table
-- dialect: hive
-- schema: s(p, q) t(a, b, dt)
insert overwrite table t partition (dt = '1') select * from s

-- s.p -> t.a
-- s.q -> t.b

-- # BY NAME
-- dialect: spark
-- schema: t(a, b)
insert into t by name select x as b, y as a from s

-- s.x -> t.b
-- s.y -> t.a
-- never: s.x -> t.a

-- # REPLACE WHERE reads what its condition reads
-- dialect: databricks
-- schema: t(a)
insert into t replace where a > (select max(k) from u) select x from s

-- s.x -> t.a
-- read: u

-- # one FROM, two tables
-- dialect: hive
from ods.客户 c insert overwrite table dwd.活跃 partition (dt = '1') select c.编号 where c.状态 = 1 insert into dwd.全部 select c.编号, c.姓名

-- ods.客户.编号 -> dwd.活跃.编号
-- ods.客户.状态 ~> dwd.活跃 filter
-- ods.客户.编号 -> dwd.全部.编号
-- ods.客户.姓名 -> dwd.全部.姓名
-- reason: assumed-columns

-- # Flink: a partition, then the columns
-- dialect: flink
insert into dwd_users partition (`dt` = '20260630') (id, company) select id, name from ods_users

-- ods_users.id -> dwd_users.id
-- ods_users.name -> dwd_users.company

-- # MySQL: parts of the storage, not columns
-- dialect: mysql
-- schema: t(a, b)
insert into t partition (p0, p1) select x, y from s

-- s.x -> t.a
-- s.y -> t.b
-- never: s.y -> t.p1

-- # Doris: labels and parts
-- dialect: doris
insert overwrite table t partition (p1, p2) (a) select x from s; insert into t temporary partition (tp) with label l1 (a) select y from s

-- s.x -> t.a
-- s.y -> t.a

-- # StarRocks: a part by its value
-- dialect: starrocks
-- schema: t(a, dt)
insert overwrite t partition (dt = '2026-06-30') select x from s

-- s.x -> t.a

-- # Oracle: a part by its name
-- dialect: oracle
insert into dwd.trade partition (p202606) (id) select s.trade_id from ods.trade s

-- ODS.TRADE.TRADE_ID -> DWD.TRADE.ID

-- # into a directory
-- dialect: hive
insert overwrite local directory '/data/out' row format delimited fields terminated by ',' select id, upper(name) as name from ods.cust

-- ods.cust.id -> /data/out.id
-- ods.cust.name -> /data/out.name transformation

-- # into a directory, as Spark says it
-- dialect: spark
insert overwrite directory '/data/out' using parquet options (compression 'snappy') select id from ods.cust

-- ods.cust.id -> /data/out.id

-- # EXCHANGE PARTITION takes the partition out of the other table
-- dialect: hive
-- schema: a(x) b(x)
alter table a exchange partition (dt = '1') with table b

-- b.x -> a.x
-- never: a.x -> b.x
