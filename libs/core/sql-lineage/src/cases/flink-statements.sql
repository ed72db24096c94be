-- Statements of Flink.

-- # a source, a sink, and what flows
create table orders (id bigint, price decimal(10, 2), name string, ts timestamp(3) metadata from 'timestamp', total as price * 2, proc as proctime(), watermark for ts as ts - interval '5' second, primary key (id) not enforced) with ('connector' = 'kafka', 'topic' = 'orders'); create temporary table 汇总 (id bigint, 金额 decimal(10, 2)) with ('connector' = 'print'); insert into 汇总 select id, price from orders

-- orders.price -> orders.total transformation
-- orders.id -> 汇总.id
-- orders.price -> 汇总.金额
-- create: orders
-- create: 汇总

-- # a table like another
create table a (x int, y string) with ('connector' = 'kafka'); create table b with ('connector' = 'print') like a (excluding all); insert into b select p, q from s

-- s.p -> b.x
-- s.q -> b.y
-- create: a
-- read: a
-- create: b

-- # a statement set
execute statement set begin insert into a select x from s; insert into b select y from t; end

-- s.x -> a.x
-- t.y -> b.y
-- reason: assumed-columns

-- # catalogs and functions
create catalog hive with ('type' = 'hive'); use catalog hive; create function f as 'com.bank.F' language java using jar '/udf.jar'; add jar '/x.jar'; set 'a' = 'b'; show tables

-- nothing

-- # an older statement set
begin statement set; insert into a (p) select x from s; end

-- s.x -> a.p
