-- Rows that become columns, and columns that become rows.

-- # PIVOT: the aggregated column is the value, the column it looks at decides, the others group
-- dialect: spark
-- schema: sales(cust_id, quarter, amt)
insert into wide select * from sales pivot (sum(amt) for quarter in ('Q1' as q1, 'Q2' as q2))

-- sales.cust_id -> wide.cust_id
-- sales.amt -> wide.q1 aggregation
-- sales.amt -> wide.q2 aggregation
-- sales.quarter ~> wide.q1 conditional
-- sales.quarter ~> wide.q2 conditional
-- sales.cust_id ~> wide group_by
-- reason: assumed-columns
-- never: sales.quarter -> wide.quarter

-- # PIVOT with two aggregates and two columns to look at
-- dialect: spark
-- schema: sales(y, q, amt, price)
select * from sales pivot (sum(amt) as s, max(price) as p for (y, q) in ((2026, 1) as a, (2026, 2)))

-- sales.amt -> result.a_s aggregation
-- sales.price -> result.a_p aggregation
-- sales.amt -> result.2026_2_s aggregation
-- sales.price -> result.2026_2_p aggregation
-- sales.y ~> result.a_s conditional
-- sales.q ~> result.a_s conditional
-- sales.y ~> result.a_p conditional
-- sales.q ~> result.a_p conditional
-- sales.y ~> result.2026_2_s conditional
-- sales.q ~> result.2026_2_s conditional
-- sales.y ~> result.2026_2_p conditional
-- sales.q ~> result.2026_2_p conditional

-- # T-SQL: the values are columns in brackets
-- dialect: tsql
select p.客户, p.[1] as 一月 from (select 客户, 月, 金额 from dbo.流水) s pivot (sum(金额) for 月 in ([1], [2])) as p

-- dbo.流水.客户 -> result.客户
-- dbo.流水.金额 -> result.一月 aggregation
-- dbo.流水.月 ~> result.一月 conditional
-- dbo.流水.客户 ~> result group_by

-- # Oracle: value and aggregate make the name
-- dialect: oracle
-- schema: T(ID, M, AMT)
select * from t pivot (sum(amt) as s for m in (1 as jan, 2 as feb))

-- T.ID -> result.ID
-- T.AMT -> result.JAN_S aggregation
-- T.AMT -> result.FEB_S aggregation
-- T.M ~> result.JAN_S conditional
-- T.M ~> result.FEB_S conditional
-- T.ID ~> result group_by

-- # BigQuery: the aggregate's name stands first
-- dialect: bigquery
select id, s_a from t pivot (sum(amt) as s for m in ('a', 'b'))

-- t.id -> result.id
-- t.amt -> result.s_a aggregation
-- t.m ~> result.s_a conditional

-- # renamed columns of a PIVOT
-- dialect: snowflake
-- schema: T(ID, CAT, VAL)
select x, y from t pivot (max(val) for cat in ('a', 'b')) as p (x, y, z)

-- T.ID -> result.X
-- T.VAL -> result.Y aggregation
-- T.CAT ~> result.Y conditional
-- T.ID ~> result group_by

-- # values that only the data knows
-- dialect: snowflake
-- schema: T(ID, CAT, VAL)
select id, "'a'" from t pivot (sum(val) for cat in (any order by cat))

-- T.ID -> result.ID
-- T.VAL -> result.'a' aggregation
-- T.CAT ~> result.'a' conditional
-- T.ID ~> result group_by

-- # a PIVOT over a PIVOT
-- dialect: duckdb
-- schema: t(id, cat, kind, val, amt)
select * from t pivot (sum(val) for cat in ('a' as a)) pivot (sum(amt) for kind in ('x' as x))

-- t.id -> result.id
-- t.val -> result.a aggregation
-- t.cat ~> result.a conditional
-- t.amt -> result.x aggregation
-- t.kind ~> result.x conditional
-- t.id ~> result group_by
-- t.kind ~> result group_by
-- t.amt ~> result group_by
-- t.val ~> result group_by
-- t.cat ~> result group_by

-- # DuckDB's statements
-- dialect: duckdb
-- schema: t(id, cat, val) w(id, jan, feb)
pivot t on cat in ('a', 'b') using sum(val) group by id; unpivot w on jan, feb into name month value amount

-- t.id -> result.id
-- t.val -> result.a aggregation
-- t.val -> result.b aggregation
-- t.cat ~> result.a conditional
-- t.cat ~> result.b conditional
-- t.id ~> result group_by
-- w.id -> result.id
-- w.jan -> result.month transformation
-- w.feb -> result.month transformation
-- w.jan -> result.amount
-- w.feb -> result.amount

-- # UNPIVOT: the listed columns are the value, and their names the name
-- dialect: snowflake
-- schema: SALES(ID, JAN, FEB, MAR)
select * from sales unpivot (amount for month in (jan, feb as february))

-- SALES.ID -> result.ID
-- SALES.MAR -> result.MAR
-- SALES.JAN -> result.MONTH transformation
-- SALES.FEB -> result.MONTH transformation
-- SALES.JAN -> result.AMOUNT
-- SALES.FEB -> result.AMOUNT
-- never: SALES.JAN -> result.JAN

-- # UNPIVOT of groups of columns
-- dialect: spark
-- schema: t(id, a1, a2, b1, b2)
select id, p, q from t unpivot ((p, q) for n in ((a1, a2) as a, (b1, b2) as b))

-- t.id -> result.id
-- t.a1 -> result.p
-- t.b1 -> result.p
-- t.a2 -> result.q
-- t.b2 -> result.q
-- never: t.a1 -> result.q

-- # T-SQL puts the value before the name
-- dialect: tsql
insert into dbo.long (id, v, n) select u.* from (select id, a, b from dbo.wide) w unpivot (v for n in (a, b)) as u

-- dbo.wide.id -> dbo.long.id
-- dbo.wide.a -> dbo.long.v
-- dbo.wide.b -> dbo.long.v
-- dbo.wide.a -> dbo.long.n transformation
-- dbo.wide.b -> dbo.long.n transformation

-- # UNPIVOT of a table that nobody knows, under new names
-- dialect: snowflake
select m, s, d from sales unpivot (amount for month in (jan, feb)) as t (e, d, m, s)

-- SALES.JAN -> result.M transformation
-- SALES.FEB -> result.M transformation
-- SALES.JAN -> result.S
-- SALES.FEB -> result.S
-- SALES.* -> result.D

-- # UNPIVOT beside a join
-- dialect: spark
-- schema: t(id, a, b) c(id, name)
select c.name, u.v from c join t unpivot (v for n in (a, b)) as u on c.id = u.id

-- c.name -> result.name
-- t.a -> result.v
-- t.b -> result.v
-- c.id ~> result join
-- t.id ~> result join
