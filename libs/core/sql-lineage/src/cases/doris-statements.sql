-- Statements of Doris and StarRocks.

-- # a table of aggregates
create table dws.t (k1 int, 日期 date, v1 bigint sum default '0', page bitmap bitmap_union, index i (k1) using bitmap comment 'i') engine = olap aggregate key (k1, 日期) partition by range (日期) (partition p1 values less than ('2026-01-01')) distributed by hash (k1) buckets 8 properties ('replication_num' = '1'); insert into dws.t (k1, 日期, v1) select a, b, c from ods.s

-- ods.s.a -> dws.t.k1
-- ods.s.b -> dws.t.日期
-- ods.s.c -> dws.t.v1
-- create: dws.t

-- # WITH LABEL, and PARTITION that names parts
insert into dws.t partition (p1, p2) with label l1 (k1, v1) select a, b from ods.s

-- ods.s.a -> dws.t.k1
-- ods.s.b -> dws.t.v1

-- # INSERT OVERWRITE
-- dialect: starrocks
insert overwrite dws.t partition (p1) with label l2 select a, b from ods.s

-- ods.s.a -> dws.t.a
-- ods.s.b -> dws.t.b
-- reason: assumed-columns

-- # CREATE TABLE AS
create table dws.t2 engine = olap duplicate key (a) distributed by hash (a) buckets 4 as select a, sum(b) as b from dws.t group by a

-- dws.t.a -> dws.t2.a
-- dws.t.b -> dws.t2.b aggregation
-- dws.t.a ~> dws.t2 group_by

-- # a load that runs on and on
-- dialect: starrocks
create routine load ods.job1 on orders columns terminated by ',', columns (id, price) properties ('format' = 'json', 'jsonpaths' = '["$.id"]') from kafka ('kafka_broker_list' = 'b:9092', 'kafka_topic' = '订单'); pause routine load for ods.job1; resume routine load for ods.job1

-- read: 订单

-- # a load by brokers
load label ods.l1 (data infile ('hdfs://nn/a.csv') into table orders columns terminated by ',') with broker hdfs

-- read: hdfs://nn/a.csv

-- # files out
select a, b from t where c > 0 into outfile 'hdfs://nn/out_' format as csv

-- t.a -> hdfs://nn/out_.a
-- t.b -> hdfs://nn/out_.b
-- t.c ~> hdfs://nn/out_ filter

-- # without lineage
show routine load; admin set frontend config ('a' = 'b'); drop table if exists dws.t force; create resource r properties ('type' = 'spark'); cancel load from ods where label = 'x'

-- drop: dws.t

-- # a statement that is run by a clock
create job dw.每日 on schedule every 1 day starts '2026-01-01 00:00:00' comment 'x' do insert into dws.t (a) select x from ods.s

-- ods.s.x -> dws.t.a
