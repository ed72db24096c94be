-- Statements of Hive and Impala that the parser refuses or takes for something else.

-- # many INSERTs from one FROM
-- schema: ods.流水(客户号, 金额, dt)
from ods.流水 insert overwrite table dwd.客户流水 select 客户号, 金额 where dt = '2026-01-01' insert into dwd.大额 select 客户号 where 金额 > 50000

-- ods.流水.客户号 -> dwd.客户流水.客户号
-- ods.流水.金额 -> dwd.客户流水.金额
-- ods.流水.dt ~> dwd.客户流水 filter
-- ods.流水.客户号 -> dwd.大额.客户号
-- ods.流水.金额 ~> dwd.大额 filter
-- reason: assumed-columns
-- never: ods.流水.金额 ~> dwd.客户流水 filter

-- # many INSERTs from a subquery and a lateral view
from (select id, tags from ods.cust) c lateral view explode(c.tags) v as tag insert into dim.tag select v.tag insert into dim.cust select c.id where c.id > 0

-- ods.cust.tags -> dim.tag.tag transformation
-- ods.cust.id -> dim.cust.id
-- ods.cust.id ~> dim.cust filter
-- reason: assumed-columns

-- # what one INSERT reads does not flow into the other's table
from a insert into b select x where x in (select k from only_b) insert into c select y

-- a.x -> b.x
-- a.x ~> b filter
-- only_b.k ~> b filter
-- a.y -> c.y
-- reason: assumed-columns
-- never: only_b.k ~> c filter

-- # PARTITION behind the columns
-- schema: dwd.loan(id, bal, dt)
insert into table dwd.loan (id, bal) partition (dt = '2026-01-01') select loan_no, balance from ods.loan

-- ods.loan.loan_no -> dwd.loan.id
-- ods.loan.balance -> dwd.loan.bal

-- # IF NOT EXISTS behind the partition
insert overwrite table dwd.loan partition (dt = '2026-01-01') if not exists select loan_no from ods.loan

-- ods.loan.loan_no -> dwd.loan.loan_no
-- reason: assumed-columns

-- # CREATE TABLE AS with everything about its storage
create external table if not exists dws.余额 row format delimited fields terminated by ',' stored as orc location '/dw/yue' tblproperties ('orc.compress' = 'SNAPPY') as select 账号, 余额 from dwd.账户

-- dwd.账户.账号 -> dws.余额.账号
-- dwd.账户.余额 -> dws.余额.余额

-- # clustered and sorted
create table dwd.t (id bigint comment '主键', key string) partitioned by (dt string comment 'd') clustered by (id) sorted by (id desc) into 8 buckets stored as orc; insert into dwd.t select a, b, c from s

-- s.a -> dwd.t.id
-- s.b -> dwd.t.key
-- s.c -> dwd.t.dt
-- create: dwd.t

-- # LIKE with properties
create table a (x int, y int); create table b like a tblproperties ('k' = 'v'); insert into b select p, q from s

-- s.p -> b.x
-- s.q -> b.y
-- create: a
-- read: a
-- create: b

-- # LOAD DATA
load data inpath '/in/loan/2026' overwrite into table ods.loan partition (dt = '2026-01-01')

-- read: /in/loan/2026

-- # EXPORT and IMPORT
export table dwd.loan to '/backup/loan'; import table dwd.loan_copy from '/backup/loan'

-- dwd.loan.* -> /backup/loan.*
-- reason: unknown-columns
-- read: /backup/loan

-- # house keeping
msck repair table ods.loan; add jar hdfs:///udf.jar; list files; analyze table ods.loan compute statistics; set hive.exec.dynamic.partition=true; create temporary function mask as 'com.bank.Mask' using jar 'hdfs:///udf.jar'; refresh ods.loan; invalidate metadata ods.loan; compute stats ods.loan; show partitions ods.loan

-- nothing

-- # a function whose code is SQL may read
create function f() returns int return (select max(x) from a)

-- status: opaque
-- reason: runs-code

-- # an ALTER TABLE that the parser refuses
create table a (x int); alter table a add if not exists partition (dt = '1') location '/x'; alter table a add columns (y int comment 'c'); select * from a

-- a.x -> result.x
-- a.y -> result.y
-- create: a
-- alter: a

-- # hints of Impala
insert overwrite table dwd.loan [shuffle] select id from ods.loan

-- ods.loan.id -> dwd.loan.id
-- reason: assumed-columns
