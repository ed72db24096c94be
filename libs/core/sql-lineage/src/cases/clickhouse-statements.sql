-- Statements of ClickHouse.

-- # strictness in front of OUTER
select a.x, b.y from a left any outer join b on a.id = b.id

-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join

-- # a join that gives no columns
select a.x from a left anti outer join b on a.id = b.id

-- a.x -> result.x
-- a.id ~> result join
-- b.id ~> result join

-- # a table with an engine
create table if not exists dw.t on cluster c (id UInt64, 名称 String, ts DateTime default now()) engine = ReplacingMergeTree(ts) partition by toYYYYMM(ts) order by (id) ttl ts + interval 1 day settings index_granularity = 8192; insert into dw.t select a, b, c from s

-- s.a -> dw.t.id
-- s.b -> dw.t.名称
-- s.c -> dw.t.ts
-- create: dw.t

-- # house keeping
system flush logs; optimize table dw.t final; check table dw.t; kill query where 1; create quota q; create row policy p on dw.t using 1; drop dictionary d; create named collection c as k = 'v'

-- nothing

-- # a view that fills a table by the clock
create materialized view dw.mv on cluster c refresh every 1 hour offset 5 minute to dw.汇总 as select id, sum(amt) as 金额 from ods.a group by id

-- ods.a.id -> dw.汇总.id
-- ods.a.amt -> dw.汇总.金额 aggregation
-- ods.a.id ~> dw.汇总 group_by
-- define: dw.mv
-- never: ods.a.id -> dw.mv.id

-- # a view that feeds a table, with a definer
create materialized view if not exists mv to t (a UInt64) definer = u sql security definer as select x as a from s

-- s.x -> t.a
-- define: mv
