-- What a name means: aliases used elsewhere, fields, variables, sequences.

-- # a name of the SELECT list used further on, unless a table has it
-- dialect: spark
-- schema: t(amt, fee)
select amt * 2 as total, total + 1 as more, amt + fee as fee, fee as charge from t

-- t.amt -> result.total transformation
-- t.amt -> result.more transformation
-- t.amt -> result.fee transformation
-- t.fee -> result.fee transformation
-- t.fee -> result.charge
-- never: t.amt -> result.charge

-- # Snowflake lets WHERE use it too, the table's columns first
-- dialect: snowflake
-- schema: T(ID, AMT)
select amt * 2 as dbl, id from t where dbl > 10 and amt > 0

-- T.AMT -> result.DBL transformation
-- T.ID -> result.ID
-- T.AMT ~> result filter

-- # PostgreSQL does not
-- schema: t(id, amt)
select amt * 2 as dbl from t where dbl > 10

-- t.amt -> result.dbl transformation
-- t.dbl ~> result filter
-- status: partial
-- reason: unknown-column

-- # ClickHouse: a name given anywhere wins over a column
-- dialect: clickhouse
select b + 1 as c, (x + y) * 2 as b, toDate(ts as moment) as d, moment from t where c > 1

-- t.x -> result.c transformation
-- t.y -> result.c transformation
-- t.x -> result.b transformation
-- t.y -> result.b transformation
-- t.ts -> result.d transformation
-- t.ts -> result.moment
-- t.x ~> result filter
-- t.y ~> result filter
-- never: t.b -> result.c transformation

-- # ClickHouse: a name for itself is the column
-- dialect: clickhouse
select upper(name) as name from t where name <> ''

-- t.name -> result.name transformation
-- t.name ~> result filter

-- # ClickHouse: WITH gives names to values
-- dialect: clickhouse
with amt * rate as value, (select max(day) from days) as last, c as (select id, amt, rate, d from t) select id, value from c where d = last

-- t.id -> result.id
-- t.amt -> result.value transformation
-- t.rate -> result.value transformation
-- t.d ~> result filter
-- days.day ~> result filter

-- # HAVING and GROUP BY by name
-- dialect: mysql
select date(paid_at) as day, sum(amt) as total from pay group by day having total > 100 order by day

-- pay.paid_at -> result.day transformation
-- pay.amt -> result.total aggregation
-- pay.paid_at ~> result group_by
-- pay.amt ~> result filter
-- pay.paid_at ~> result sort

-- # variables are no columns
-- dialect: mysql
select @n := @n + amt as running, @n from pay, (select @n := 0) as init

-- pay.amt -> result.running transformation
-- never: pay.@n -> result.@n

-- # T-SQL names a column with an equals sign
-- dialect: tsql
select 客户号 = p.cust_no, total = p.amt + p.fee from dbo.pay p

-- dbo.pay.cust_no -> result.客户号
-- dbo.pay.amt -> result.total transformation
-- dbo.pay.fee -> result.total transformation

-- # sequences, DUAL and words of the session
-- dialect: oracle
insert into acct (id, opened, who, n) select acct_ids.nextval, sysdate, user, dw.ids.currval from dual

-- nothing

-- # a sequence beside columns
-- dialect: oracle
insert into acct (id, name, no) select acct_ids.nextval, c.name, rownum from cust c

-- CUST.NAME -> ACCT.NAME

-- # fields of structs, elements of arrays and maps
-- dialect: spark
select t.addr.city.name, addr.zip, xs[0].id as first_id, m['k'] as k, t.addr.* from t

-- t.addr -> result.name transformation
-- t.addr -> result.zip transformation
-- t.xs -> result.first_id transformation
-- t.m -> result.k transformation
-- t.addr -> result.* transformation
-- reason: unknown-columns

-- # a struct's fields in a star
-- dialect: bigquery
-- schema: orders(id, buyer)
select id, buyer.*, o.buyer.name from orders o

-- orders.id -> result.id
-- orders.buyer -> result.* transformation
-- orders.buyer -> result.name transformation
-- reason: unknown-columns

-- # lambdas with several parameters
-- dialect: spark
select aggregate(xs, 0, (acc, x) -> acc + x * rate) as total, filter(xs, x -> x > floor_) as f, transform(xs, (x, i) -> named_struct('v', x, 'i', i)) as s from t

-- t.xs -> result.total transformation
-- t.rate -> result.total transformation
-- t.xs -> result.f transformation
-- t.floor_ -> result.f transformation
-- t.xs -> result.s transformation
-- never: t.acc -> result.total transformation

-- # columns by their place
-- dialect: snowflake
with s as (select id, amt as a from t) select s.$2, $1 as p from s

-- T.AMT -> result.$2
-- T.ID -> result.P

-- # unnamed columns have the names that the database gives them
-- dialect: hive
select s.`_c1` as n from (select k, max(v) from t group by k) s

-- t.v -> result.n aggregation
-- t.k ~> result group_by

-- # every column but these
-- dialect: hive
-- schema: t(ds, hr, id, amt)
insert into u select `(ds|hr)?+.+` from t

-- t.id -> u.id
-- t.amt -> u.amt
-- reason: assumed-columns

-- # collections that stand in FROM like tables
-- dialect: bigquery
select o.id, i.sku, sum_.n from orders o, o.items i, (select count(*) as n, max(x.price) as p from o.items x) sum_

-- orders.id -> result.id
-- orders.items -> result.sku transformation

-- # a dialect nobody named
-- dialect: generic
-- schema: t(a, b)
select a + b as s, s * 2 as d, a::date from t where s > 1

-- t.a -> result.s transformation
-- t.b -> result.s transformation
-- t.a -> result.d transformation
-- t.b -> result.d transformation
-- t.a -> result.a transformation
-- t.a ~> result filter
-- t.b ~> result filter

-- # an expression that is condition and result
-- dialect: spark
select if(amt > 0, amt, 0) as pos from pay

-- pay.amt -> result.pos transformation
-- pay.amt ~> result.pos conditional

-- # a table called by its own name in spite of an alias
-- dialect: hive
select cust.id, c.name from cust c join acct a on a.id = c.id

-- cust.id -> result.id
-- cust.name -> result.name
-- acct.id ~> result join
-- cust.id ~> result join

-- # a name where no table is read
-- dialect: mysql
insert into log (id, at) values (p_id, now())

-- ?.p_id -> log.id
-- reason: unbound-name
