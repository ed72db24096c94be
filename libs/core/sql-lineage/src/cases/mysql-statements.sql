-- Statements of MySQL.

-- # LOAD DATA
load data local infile '/in/客户.csv' replace into table crm.cust fields terminated by ',' ignore 1 lines (id, name)

-- read: /in/客户.csv

-- # INTO OUTFILE in the middle
select id, name into outfile '/out/cust.csv' fields terminated by ',' from crm.cust where id > 0

-- crm.cust.id -> /out/cust.csv.id
-- crm.cust.name -> /out/cust.csv.name
-- crm.cust.id ~> /out/cust.csv filter

-- # HANDLER
handler crm.cust read first

-- crm.cust.* -> result.*
-- reason: unknown-columns

-- # RENAME of several tables
create table a (x int); rename table a to b, c to d; select * from b

-- b.x -> result.x
-- create: a
-- rename: a to b
-- rename: c to d

-- # ALTER VIEW makes it anew
alter algorithm = merge view v (p) as select x from a

-- a.x -> v.x

-- # a view with a definer
create or replace algorithm = undefined definer = `root`@`%` sql security definer view crm.v as select id from crm.cust with check option

-- crm.cust.id -> crm.v.id

-- # house keeping
flush tables; optimize table a; check table a; repair table a quick; checksum table a; lock tables a read; unlock tables; kill 5; purge binary logs to 'x'; create user 'u'@'h' identified by 'p'; explain format = json select 1 from a; create unique index i on a (x); drop index i on a

-- nothing

-- # an ALTER TABLE with all kinds of things
create table a (x int, y int); alter table a add column z int after x, add index i (x), drop column y, engine = innodb; select * from a

-- a.x -> result.x
-- a.z -> result.z
-- create: a
-- alter: a

-- # CONVERT to a type
select convert(余额, signed) as a, convert(b using utf8mb4) as c, 0b01 as d from t

-- t.余额 -> result.a transformation
-- t.b -> result.c transformation
-- never: t.signed -> result.a transformation

-- # VALUES ROW
insert into t (a, b) values row (1, (select max(x) from s))

-- s.x -> t.b aggregation

-- # what JSON_TABLE gives when there is nothing
select j.id from t, json_table(t.doc, '$[*]' columns (id int path '$.id' default '0' on empty null on error)) as j

-- t.doc -> result.id transformation

-- # comments that begin with a hash
insert into ods.cust (id, # 客户号; 主键
  name) # 姓名
select id, nm # 'it
from crm.cust

-- crm.cust.id -> ods.cust.id
-- crm.cust.nm -> ods.cust.name

-- # keywords for aliases
select of.name, min(key.fee) as fee from m_office of left join charges key on key.office_id = of.id where of.open = 1

-- m_office.name -> result.name
-- charges.fee -> result.fee aggregation
-- charges.office_id ~> result join
-- m_office.id ~> result join
-- m_office.open ~> result filter

-- # both names in quotes in an assignment
update `信贷 合同` join `new rates` on `信贷 合同`.id = `new rates`.id set `信贷 合同`.`利 率` = `new rates`.rate

-- new rates.rate -> 信贷 合同.利 率
-- new rates.id ~> 信贷 合同 join
-- 信贷 合同.id ~> 信贷 合同 join
