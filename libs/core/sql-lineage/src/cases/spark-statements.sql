-- Statements of Spark, Databricks and Delta.

-- # a materialized view on a schedule
-- dialect: databricks
create or refresh materialized view gold.m (a comment 'x', constraint c expect (a > 0) on violation drop row) partitioned by (a) schedule every 1 hour tblproperties ('k' = 'v') as select x from silver.t

-- silver.t.x -> gold.m.x

-- # a streaming table
-- dialect: databricks
create or refresh streaming live table silver.c as select a from bronze.c

-- bronze.c.a -> silver.c.a

-- # a view that follows its tables
create or replace view v with schema evolution as select a from t

-- t.a -> v.a

-- # CREATE TABLE without AS
create table n using parquet options ('a' = 'b') select a from t

-- t.a -> n.a

-- # names of a lateral view without AS
select p.id, e.name from person p lateral view inline(p.list) e name, age

-- person.id -> result.id
-- person.list -> result.name transformation

-- # natural semi joins
select a.x from a natural left semi join b

-- a.x -> result.x
-- a.* ~> result join
-- b.* ~> result join
-- reason: unknown-columns

-- # letters behind numbers, and NOT as a sign
select a from t where b > 42L and ! (c = 1.5BD)

-- t.a -> result.a
-- t.b ~> result filter
-- t.c ~> result filter

-- # house keeping
-- dialect: databricks
vacuum t retain 168 hours; optimize t zorder by (a); refresh table t; alter catalog c owner to u; create volume v; drop catalog if exists c cascade; msck repair table t; describe history t; clear cache; alter table t set tags ('a' = 'b'); create external location l url 's3://x'

-- alter: t

-- # changes that are applied
-- dialect: databricks
apply changes into gold.客户 from stream(cdc.users) keys (user_id) apply as delete when op = 'D' sequence by seq

-- cdc.users.* -> gold.客户.*
-- gold.客户.user_id ~> gold.客户 join
-- cdc.users.user_id ~> gold.客户 join
-- (gold.客户 | cdc.users).op ~> gold.客户 filter
-- reason: ambiguous-column

-- # REPLACE USING
insert into dw.t replace using (国家) select a from dw.s

-- dw.s.a -> dw.t.a
-- reason: assumed-columns

-- # PIVOT by two columns
select * from person pivot (sum(age) as a for name, class in (('x', 1) as c1))

-- person.* -> result.*
-- person.age -> result.c1 aggregation
-- person.name ~> result.c1 conditional
-- person.class ~> result.c1 conditional
-- reason: unknown-columns

-- # names in double quotes
select cust_no as "客户号", count(distinct order_id) as "订单 数" from dwd.orders group by cust_no

-- dwd.orders.cust_no -> result.客户号
-- dwd.orders.order_id -> result.订单 数 aggregation
-- dwd.orders.cust_no ~> result group_by
