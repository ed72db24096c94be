-- What stands in a call and is no column: units of time, types, the schema or the package of a function.

-- # units of time are words
-- dialect: mysql
insert into 催收名单 (客户号, 逾期月数, 到期日) select c.cust_no, timestampdiff(MONTH, c.due_date, curdate()), timestampadd(day, 1, c.due_date) from 客户 c

-- 客户.cust_no -> 催收名单.客户号
-- 客户.due_date -> 催收名单.逾期月数 transformation
-- 客户.due_date -> 催收名单.到期日 transformation
-- never: 客户.MONTH -> 催收名单.逾期月数 transformation

-- # a unit of time in Spark
-- dialect: spark
select datediff(DAY, open_date, close_date) as days, date_add(MONTH, 3, open_date) as d from dwd.acct

-- dwd.acct.open_date -> result.days transformation
-- dwd.acct.close_date -> result.days transformation
-- dwd.acct.open_date -> result.d transformation

-- # a column may be called like a unit
-- dialect: mysql
select datediff(day, start_day) as n, year, coalesce(month, day) as m from plan_day

-- plan_day.day -> result.n transformation
-- plan_day.start_day -> result.n transformation
-- plan_day.year -> result.year
-- plan_day.month -> result.m transformation
-- plan_day.day -> result.m transformation

-- # units of ClickHouse and of Flink
-- dialect: clickhouse
select dateDiff(day, a, b) as n, date_sub(year, 1, a) as y from t

-- t.a -> result.n transformation
-- t.b -> result.n transformation
-- t.a -> result.y transformation

-- # a unit behind the value
-- dialect: databricks
select date_trunc(ts, MONTH) as m, timestamp_trunc(ts, WEEK(MONDAY)) as w from t

-- t.ts -> result.m transformation
-- t.ts -> result.w transformation

-- # the schema of a function is no column
-- dialect: tsql
insert into dbo.风险 (客户号, 评分, 级别) select cust_no, dbo.fn_score(income, debt), rpt.dbo.fn_level(debt) from dbo.客户

-- dbo.客户.cust_no -> dbo.风险.客户号
-- dbo.客户.income -> dbo.风险.评分 transformation
-- dbo.客户.debt -> dbo.风险.评分 transformation
-- dbo.客户.debt -> dbo.风险.级别 transformation
-- never: dbo.客户.dbo -> dbo.风险.评分 transformation

-- # methods of T-SQL's types
-- dialect: tsql
select doc.value('(/a)[1]', 'int') as a, t.doc.query('/b') as b, next value for dbo.seq as id from t

-- t.doc -> result.a transformation
-- t.doc -> result.b transformation

-- # the package of a function is no column, nor is its constant
-- dialect: oracle
insert into loan_fx (id, amt) select id, pkg_fx.convert(amt, ccy) * pkg_fx.c_spread + dbms_random.value from loan

-- LOAN.ID -> LOAN_FX.ID
-- LOAN.AMT -> LOAN_FX.AMT transformation
-- LOAN.CCY -> LOAN_FX.AMT transformation
-- reason: unknown-variable
-- never: LOAN.PKG_FX -> LOAN_FX.AMT transformation

-- # methods of Oracle's objects
-- dialect: oracle
select d.doc.getclobval() as x, doc.extract('/a') as y from docs d

-- DOCS.DOC -> result.X transformation
-- DOCS.DOC -> result.Y transformation

-- # functions of a schema in other databases
-- dialect: hive
select udfs.mask_id(id_no) as id_no from ods.cust

-- ods.cust.id_no -> result.id_no transformation

-- # functions are chained in DuckDB
-- dialect: duckdb
select name.trim().upper() as n from cust

-- cust.name -> result.n transformation

-- # what Oracle gives when a conversion fails
-- dialect: oracle
select to_number(a default b on conversion error) as x, cast(c as number default 0 on conversion error) as y, treat(o as emp_t) as o from t

-- T.A -> result.X transformation
-- T.B -> result.X transformation
-- T.C -> result.Y transformation
-- T.O -> result.O transformation

-- # names of elements
-- dialect: oracle
select xmlelement("客户", xmlforest(cust_no as "编号", cust_name as n)) as doc from cust

-- CUST.CUST_NO -> result.DOC transformation
-- CUST.CUST_NAME -> result.DOC transformation

-- # conversions of T-SQL
-- dialect: tsql
select parse(d as date using 'zh-CN') as d, try_parse(n as int) as n, geography::Point(lat, lon, 4326) as p from t

-- t.d -> result.d transformation
-- t.n -> result.n transformation
-- t.lat -> result.p transformation
-- t.lon -> result.p transformation

-- # a row as a type
-- dialect: flink
insert into kafka_sink select cast(row(a, b) as row<x int, y row<z string>>) as r, json_value(c, '$.x' returning int default 1 on empty) as j from src

-- src.a -> kafka_sink.r transformation
-- src.b -> kafka_sink.r transformation
-- src.c -> kafka_sink.j transformation
-- reason: assumed-columns

-- # MySQL looks further out for a qualified column
-- dialect: mysql
-- schema: report(id, code), role(id, report_id)
select r.code from report r where exists (select 1 from role r where r.report_id = 1 and r.code = 'x')

-- report.code -> result.code
-- role.report_id ~> result filter
-- report.code ~> result filter
-- never: role.code ~> result filter

-- # what a query further in computes
insert into b (n, c) select n, c from (select count(*) as n, a || 'x' as c from t) q

-- t.a -> b.c transformation
