-- Windows, groups and versions of tables.

-- # frames and named windows
-- dialect: spark
select sum(amt) over (partition by cust order by ts rows between unbounded preceding and current row) as run, lag(amt, 1) over w as prev, row_number() over w as rn from pay window w as (partition by cust order by ts desc)

-- pay.amt -> result.run aggregation
-- pay.cust ~> result.run window
-- pay.ts ~> result.run window
-- pay.amt -> result.prev transformation
-- pay.cust ~> result.prev window
-- pay.ts ~> result.prev window
-- pay.cust ~> result.rn window
-- pay.ts ~> result.rn window
-- never: pay.cust -> result.rn

-- # QUALIFY by a name of the SELECT list
-- dialect: snowflake
select id, row_number() over (partition by cust order by ts) as rn from pay qualify rn = 1

-- PAY.ID -> result.ID
-- PAY.CUST ~> result.RN window
-- PAY.TS ~> result.RN window
-- PAY.CUST ~> result filter
-- PAY.TS ~> result filter

-- # the newest row of each, by a window outside
-- dialect: hive
insert into dwd.latest select id, amt from (select id, amt, row_number() over (partition by id order by ts desc) as rn from ods.pay) t where rn = 1

-- ods.pay.id -> dwd.latest.id
-- ods.pay.amt -> dwd.latest.amt
-- ods.pay.id ~> dwd.latest filter
-- ods.pay.ts ~> dwd.latest filter
-- reason: assumed-columns

-- # CUBE, ROLLUP, GROUPING SETS
-- dialect: trino
select region, branch, grouping(region) as g, sum(amt) as s from pay group by grouping sets ((region), (branch, region)), rollup (kind), cube (a, b)

-- pay.region -> result.region
-- pay.branch -> result.branch
-- pay.region -> result.g transformation
-- pay.amt -> result.s aggregation
-- pay.region ~> result group_by
-- pay.branch ~> result group_by
-- pay.kind ~> result group_by
-- pay.a ~> result group_by
-- pay.b ~> result group_by

-- # DISTRIBUTE BY moves rows; SORT BY sorts them
-- dialect: hive
select id, amt from pay distribute by region sort by ts

-- pay.id -> result.id
-- pay.amt -> result.amt
-- pay.ts ~> result sort

-- # LIMIT BY
-- dialect: clickhouse
select id, amt from pay order by ts desc limit 1 by cust

-- pay.id -> result.id
-- pay.amt -> result.amt
-- pay.ts ~> result sort
-- pay.cust ~> result filter

-- # Flink joins the version that was valid
-- dialect: flink
select o.id, o.amt * r.rate as cny from orders as o left join rates for system_time as of o.proc_time as r on o.ccy = r.ccy

-- orders.id -> result.id
-- orders.amt -> result.cny transformation
-- rates.rate -> result.cny transformation
-- orders.proc_time ~> result join
-- orders.ccy ~> result join
-- rates.ccy ~> result join

-- # T-SQL: a version, a hint, a search
-- dialect: tsql
select h.id, o.amt, k.[rank] as score from dbo.hist for system_time as of '2026-01-01' h join dbo.orders(nolock) o on o.id = h.id join containstable(dbo.docs, body, 'loan') as k on k.[key] = h.id

-- dbo.hist.id -> result.id
-- dbo.orders.amt -> result.amt
-- dbo.docs.* -> result.score transformation
-- dbo.orders.id ~> result join
-- dbo.hist.id ~> result join
-- dbo.docs.* ~> result join

-- # TABLESAMPLE and DISTINCT ON
select distinct on (cust) id, amt from pay tablesample bernoulli (10) order by cust, ts

-- pay.id -> result.id
-- pay.amt -> result.amt
-- pay.cust ~> result group_by
-- pay.cust ~> result sort
-- pay.ts ~> result sort

-- # Hive's script over columns
-- dialect: hive
insert into u select transform (a, b) using 'python score.py' as (c, d int) from t

-- t.a -> u.c transformation
-- t.b -> u.c transformation
-- t.a -> u.d transformation
-- t.b -> u.d transformation
-- reason: assumed-columns
