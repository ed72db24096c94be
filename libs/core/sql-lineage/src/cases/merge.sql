-- MERGE as the dialects write it.

-- # Oracle: conditions of the actions, and DELETE WHERE
-- dialect: oracle
merge into t a using s b on (a.id = b.id) when matched then update set a.v = b.v where b.f = 1 delete where a.d = 0 when not matched then insert (a.id, a.v) values (b.id, b.v) where b.g = 1

-- S.V -> T.V
-- S.ID -> T.ID
-- T.ID ~> T join
-- S.ID ~> T join
-- S.F ~> T filter
-- S.G ~> T filter
-- never: S.D ~> T filter

-- # Oracle: a row from a query
-- dialect: oracle
merge into t using s on (t.id = s.id) when matched then update set (a, b) = (select u.x, u.y from u where u.id = s.id)

-- U.X -> T.A
-- U.ID ~> T.A filter
-- S.ID ~> T.A filter
-- U.Y -> T.B
-- U.ID ~> T.B filter
-- S.ID ~> T.B filter
-- T.ID ~> T join
-- S.ID ~> T join

-- # every column by name
-- dialect: spark
-- schema: dwd.t(id, v) ods.s(id, v, extra)
merge into dwd.t using ods.s on t.id = s.id when matched then update set * when not matched then insert *

-- ods.s.id -> dwd.t.id
-- ods.s.v -> dwd.t.v
-- dwd.t.id ~> dwd.t join
-- ods.s.id ~> dwd.t join
-- never: ods.s.extra -> dwd.t.extra

-- # every column, of tables nobody knows
-- dialect: databricks
merge with schema evolution into t using s on t.id = s.id when matched then update set * when not matched then insert *

-- s.* -> t.*
-- t.id ~> t join
-- s.id ~> t join

-- # what the target has and the source has not
-- dialect: spark
-- schema: t(id, state, old) s(id)
merge into t using s on t.id = s.id when not matched by source and t.id > 0 then update set t.state = old when not matched by target then insert (id) values (id)

-- t.old -> t.state
-- s.id -> t.id
-- t.id ~> t join
-- s.id ~> t join
-- t.id ~> t filter

-- # an inserted row is made of the source alone
-- dialect: bigquery
-- schema: d.t(id, a) d.s(id, a)
merge d.t t using d.s s on t.id = s.id when not matched then insert (id, a) values (id, a)

-- d.s.id -> d.t.id
-- d.s.a -> d.t.a
-- d.t.id ~> d.t join
-- d.s.id ~> d.t join
-- never: d.t.a -> d.t.a

-- # INSERT ROW
-- dialect: bigquery
-- schema: d.t(p, q) d.s(x, y)
merge d.t t using d.s s on false when not matched then insert row

-- d.s.x -> d.t.p
-- d.s.y -> d.t.q

-- # a query as the source, and an alias
-- dialect: hive
merge into dwd.客户 as t using (select s.编号, max(s.余额) as 余额 from ods.流水 s where s.日期 = '2026-06-30' group by s.编号) as s on t.编号 = s.编号 when matched and s.余额 < 0 then delete when matched then update set 余额 = s.余额 when not matched then insert values (s.编号, s.余额)

-- ods.流水.余额 -> dwd.客户.余额 aggregation
-- ods.流水.编号 -> dwd.客户.编号
-- ods.流水.日期 ~> dwd.客户 filter
-- ods.流水.编号 ~> dwd.客户 group_by
-- dwd.客户.编号 ~> dwd.客户 join
-- ods.流水.编号 ~> dwd.客户 join
-- ods.流水.余额 ~> dwd.客户 filter
-- reason: assumed-columns

-- # T-SQL: hints, OUTPUT and both columns
-- dialect: tsql
merge top (100) into dbo.t with (holdlock) as a using dbo.s as b on a.id = b.id when matched then update set v = b.v when not matched then insert (id, v) values (b.id, b.v) when not matched by source then delete output inserted.id, deleted.v into dbo.log (id, old_v);

-- dbo.s.v -> dbo.t.v
-- dbo.s.id -> dbo.t.id
-- dbo.t.id ~> dbo.t join
-- dbo.s.id ~> dbo.t join
-- dbo.s.id -> dbo.log.id
-- dbo.t.v -> dbo.log.old_v

-- # T-SQL: a CTE as the source
-- dialect: tsql
with c as (select id, v from dbo.s where k = 1) merge dbo.t using c on t.id = c.id when not matched then insert (id, v) values (c.id, c.v);

-- dbo.s.id -> dbo.t.id
-- dbo.s.v -> dbo.t.v
-- dbo.s.k ~> dbo.t filter
-- dbo.t.id ~> dbo.t join
-- dbo.s.id ~> dbo.t join

-- # Snowflake: ALL BY NAME
-- dialect: snowflake
-- schema: T(ID, V) S(ID, V)
merge into t using s on t.id = s.id when matched then update all by name when not matched then insert all by name

-- S.ID -> T.ID
-- S.V -> T.V
-- T.ID ~> T join
-- S.ID ~> T join

-- # columns given in USING
-- dialect: duckdb
merge into t using s using (id) when matched then update set v = s.v

-- s.v -> t.v
-- t.id ~> t join
-- s.id ~> t join

-- # nothing to do
merge into t using s on t.id = s.id when matched then do nothing when not matched then insert default values

-- read: s

-- # Delta by its path
-- dialect: spark
merge into delta.`/lake/t` as t using ods.s as s on t.id = s.id when matched then update set t.v = s.v

-- ods.s.v -> /lake/t.v
-- /lake/t.id ~> /lake/t join
-- ods.s.id ~> /lake/t join
