-- UPDATE and DELETE as the dialects write them.

-- # T-SQL: the target is behind the alias
-- dialect: tsql
update t set t.v = s.v, w += s.w from dwd.trade t join ods.s s on t.id = s.id

-- ods.s.v -> dwd.trade.v
-- dwd.trade.w -> dwd.trade.w transformation
-- ods.s.w -> dwd.trade.w transformation
-- dwd.trade.id ~> dwd.trade join
-- ods.s.id ~> dwd.trade join
-- never: ods.s.v -> t.v

-- # T-SQL: the table named twice is one table
-- dialect: tsql
update dbo.t set v = s.v from dbo.t join dbo.s s on dbo.t.id = s.id

-- dbo.s.v -> dbo.t.v
-- dbo.t.id ~> dbo.t join
-- dbo.s.id ~> dbo.t join

-- # T-SQL: through a CTE
-- dialect: tsql
with 最新 as (select id, amt, old_amt from dbo.余额) update 最新 set old_amt = amt

-- dbo.余额.amt -> dbo.余额.old_amt

-- # T-SQL: variables are no columns
-- dialect: tsql
update dbo.t set @n = n = n + 1, @m = 2

-- dbo.t.n -> dbo.t.n transformation
-- never: dbo.t.n -> dbo.t.@n

-- # T-SQL: OUTPUT gives old and new values
-- dialect: tsql
update t set v = s.v output deleted.v, inserted.v into dbo.audit (old_v, new_v) from dbo.t t join dbo.s s on s.id = t.id

-- dbo.s.v -> dbo.t.v
-- dbo.s.id ~> dbo.t join
-- dbo.t.id ~> dbo.t join
-- dbo.t.v -> dbo.audit.old_v
-- dbo.s.v -> dbo.audit.new_v

-- # MySQL: several tables, each its own columns
-- dialect: mysql
update a join b on a.id = b.id set a.x = b.y, b.done = 1

-- b.y -> a.x
-- a.id ~> a join
-- b.id ~> a join
-- a.id ~> b join
-- b.id ~> b join
-- never: b.y -> b.x

-- # MySQL: only the second is changed
-- dialect: mysql
update crm.cust c, stage.feed l set l.name = c.name where c.id = l.id

-- crm.cust.name -> stage.feed.name
-- crm.cust.id ~> stage.feed filter
-- stage.feed.id ~> stage.feed filter

-- # MySQL: a derived table
-- dialect: mysql
update acct a left join (select id, sum(amt) as total from txn group by id) t on t.id = a.id set a.balance = t.total

-- txn.amt -> acct.balance aggregation
-- txn.id ~> acct group_by
-- txn.id ~> acct join
-- acct.id ~> acct join

-- # Oracle: a row from a query
-- dialect: oracle
update dwd.acct a set (a.balance, a.upd_dt) = (select s.bal, s.dt from ods.acct s where s.id = a.id), a.src = 'core' where exists (select 1 from ods.acct s where s.id = a.id)

-- ODS.ACCT.BAL -> DWD.ACCT.BALANCE
-- ODS.ACCT.ID ~> DWD.ACCT.BALANCE filter
-- DWD.ACCT.ID ~> DWD.ACCT.BALANCE filter
-- ODS.ACCT.DT -> DWD.ACCT.UPD_DT
-- ODS.ACCT.ID ~> DWD.ACCT.UPD_DT filter
-- DWD.ACCT.ID ~> DWD.ACCT.UPD_DT filter
-- ODS.ACCT.ID ~> DWD.ACCT filter
-- DWD.ACCT.ID ~> DWD.ACCT filter

-- # Oracle: through a joined query
-- dialect: oracle
update (select a.x, b.y from a join b on a.id = b.id) v set v.x = v.y

-- B.Y -> A.X
-- A.ID ~> A join
-- B.ID ~> A join
-- never: B.Y -> CHANGED_QUERY.X

-- # a row of values
update t set (a, b) = (s.x, s.y + 1) from s where s.id = t.id

-- s.x -> t.a
-- s.y -> t.b transformation
-- s.id ~> t filter
-- t.id ~> t filter

-- # fields and elements
update t set addr.city = s.city, tags[1] = s.tag from s

-- s.city -> t.addr
-- s.tag -> t.tags

-- # BigQuery: a field is not a table
-- dialect: bigquery
update d.t t set t.a = s.x, addr.city = s.city from d.s s where t.id = s.id

-- d.s.x -> d.t.a
-- d.s.city -> d.t.addr
-- d.t.id ~> d.t filter
-- d.s.id ~> d.t filter

-- # ClickHouse: mutations
-- dialect: clickhouse
alter table dw.t update a = b + 1, c = 2 where d in (select k from dw.keys); alter table dw.t delete where d > 1

-- dw.t.b -> dw.t.a transformation
-- dw.t.d ~> dw.t filter
-- dw.keys.k ~> dw.t filter
-- delete: dw.t

-- # Spark: an alias, and a subquery in the condition
-- dialect: spark
update dwd.t as x set x.a = b where c in (select k from ods.s)

-- dwd.t.b -> dwd.t.a
-- dwd.t.c ~> dwd.t filter
-- ods.s.k ~> dwd.t filter

-- # Doris: FROM with a join
-- dialect: doris
update t set a = s.x from s join u on s.id = u.id where t.id = s.id

-- s.x -> t.a
-- s.id ~> t join
-- u.id ~> t join
-- t.id ~> t filter
-- s.id ~> t filter

-- # DELETE of an alias
-- dialect: tsql
delete t from dbo.trade as t join dbo.dup d on d.id = t.id

-- read: dbo.dup
-- delete: dbo.trade
-- never: delete: t

-- # DELETE with FROM twice
-- dialect: tsql
delete from t from dbo.trade as t join dbo.dup d on d.id = t.id

-- read: dbo.dup
-- delete: dbo.trade

-- # DELETE through a query
-- dialect: tsql
with d as (select *, row_number() over (partition by k order by ts) as rn from dbo.trade) delete from d where rn > 1

-- delete: dbo.trade
-- reason: unknown-columns

-- # DELETE into a log
-- dialect: tsql
delete from dbo.trade output deleted.id, deleted.amt into dbo.trade_old (id, amt) where dt < '2020'

-- dbo.trade.id -> dbo.trade_old.id
-- dbo.trade.amt -> dbo.trade_old.amt
-- delete: dbo.trade

-- # DELETE from several tables
-- dialect: mysql
delete a, b from crm.a as a join crm.b as b on a.id = b.id join crm.c as c on c.id = a.id

-- read: crm.c
-- delete: crm.a
-- delete: crm.b

-- # DELETE with USING and a subquery
-- dialect: snowflake
delete from t using (select id from s where k = 1) q where t.id = q.id

-- read: S
-- delete: T

-- # DELETE USING that names the table once more
-- dialect: mysql
delete from a using a join b on a.id = b.id

-- read: b
-- delete: a

-- # DELETE from a query, and of a part
-- dialect: oracle
delete from (select * from t where x = 1); delete from u partition (p1) where a = 1

-- delete: T
-- reason: unknown-columns
-- delete: U
