-- Rows of several queries together, in all dialects.

-- # three queries with names of their own
-- dialect: hive
insert into dwd.party (no, nm) select cust_no, cust_name from ods.cust union all select corp_no, corp_name from ods.corp union all select bank_no, bank_name from ods.bank

-- ods.cust.cust_no -> dwd.party.no
-- ods.corp.corp_no -> dwd.party.no
-- ods.bank.bank_no -> dwd.party.no
-- ods.cust.cust_name -> dwd.party.nm
-- ods.corp.corp_name -> dwd.party.nm
-- ods.bank.bank_name -> dwd.party.nm
-- never: ods.corp.corp_no -> dwd.party.nm

-- # a star on one side, known by the schema
-- dialect: spark
-- schema: a(id, name)
select * from a union select k, v from b

-- a.id -> result.id
-- b.k -> result.id
-- a.name -> result.name
-- b.v -> result.name

-- # MINUS: the right side only filters
-- dialect: oracle
select id from a minus select id from b

-- A.ID -> result.ID
-- B.ID ~> result filter

-- # EXCEPT ALL and INTERSECT, nested in brackets
-- dialect: trino
select x from ((select x from a intersect select y from b) except select z from c) s

-- a.x -> result.x
-- b.y -> result.x
-- c.z ~> result filter

-- # a WITH inside a bracket, sorted by place
-- dialect: mysql
(with r as (select id, amt from pay) select id, amt from r) union all (select id, fee from charge) order by 2

-- pay.id -> result.id
-- charge.id -> result.id
-- pay.amt -> result.amt
-- charge.fee -> result.amt
-- pay.amt ~> result sort
-- charge.fee ~> result sort

-- # sorting what two unknown stars give
select * from a union all select * from b order by k

-- a.* -> result.*
-- b.* -> result.*
-- a.k ~> result sort
-- b.k ~> result sort
-- reason: unknown-columns

-- # UNION BY NAME
-- dialect: spark
-- schema: a(id, amt) b(amt, id)
select * from a union by name select * from b

-- a.id -> result.id
-- b.id -> result.id
-- a.amt -> result.amt
-- b.amt -> result.amt
-- never: b.amt -> result.id

-- # VALUES beside a query
-- dialect: tsql
select v.代码, t.名称 from (values (1, 'a'), (2, 'b')) as v (代码, 备注) join dbo.代码表 t on t.代码 = v.代码

-- dbo.代码表.名称 -> result.名称
-- dbo.代码表.代码 ~> result join

-- # a recursive query in T-SQL, without the word
-- dialect: tsql
with tree as (select id, boss_id, name as path from emp where boss_id is null union all select e.id, e.boss_id, t.path + '/' + e.name from emp e join tree t on e.boss_id = t.id) select id, path from tree

-- emp.id -> result.id
-- emp.name -> result.path
-- emp.name -> result.path transformation
-- emp.boss_id ~> result filter
-- emp.boss_id ~> result join
-- emp.id ~> result join

-- # FOR XML makes one text of all rows
-- dialect: tsql
select t.id, (select ',' + u.name from u where u.id = t.id for xml path('')) as names from t

-- t.id -> result.id
-- u.name -> result.names aggregation
-- u.id ~> result.names filter
-- t.id ~> result.names filter
