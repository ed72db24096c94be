-- How names are written, and when two of them are the same.

-- # unquoted names fold to lower case
select A.X from A

-- a.x -> result.x

-- # quoted names keep their case
select "A"."X" from "A"

-- A.X -> result.X
-- never: a.x -> result.x

-- # an alias follows the same rules
select "T".x, t.y from a as "T", b as t

-- a.x -> result.x
-- b.y -> result.y

-- # only ASCII letters fold
select É.Ñ from É

-- É.Ñ -> result.Ñ

-- # Chinese names, bare and quoted
insert into 风险.借据 (金额, "客户 号") select 余额, "客户.号" from 核心."贷款"

-- 核心.贷款.余额 -> 风险.借据.金额
-- 核心.贷款.客户.号 -> 风险.借据.客户 号

-- # full-width brackets and emoji in bare names
select 金额（元） as 😀 from 表 😁

-- 表.金额（元） -> result.😀

-- # a schema and a catalog
select dw.risk.a.x, risk.b.y from dw.risk.a, risk.b

-- dw.risk.a.x -> result.x
-- risk.b.y -> result.y

-- # the same table name in two schemas
insert into c select s1.a.x, s2.a.y from s1.a, s2.a

-- s1.a.x -> c.x
-- s2.a.y -> c.y
-- reason: assumed-columns

-- # comments and semicolons inside names and strings
select "a;b" /* ; */ from "c--d" where x = ';' -- ; the end

-- c--d.a;b -> result.a;b
-- c--d.x ~> result filter

-- # dialects that ignore case
-- dialect: duckdb
-- schema: A(X)
select a.x, "A"."x" from a

-- a.X -> result.x
