-- INSERT as the dialects write it.

-- # ON DUPLICATE KEY UPDATE with VALUES
-- dialect: mysql
insert into t (a, b) select x, y from s on duplicate key update b = values(b) + b, c = c + 1

-- s.x -> t.a
-- s.y -> t.b
-- s.y -> t.b transformation
-- t.b -> t.b transformation
-- t.c -> t.c transformation
-- never: s.y -> t.c

-- # ON DUPLICATE KEY UPDATE with an alias for the row
-- dialect: mysql
insert into t (a, b) values ((select max(x) from s), 1) as new on duplicate key update b = new.a

-- s.x -> t.a aggregation
-- s.x -> t.b aggregation

-- # INSERT … SET and REPLACE … SET
-- dialect: mysql
insert into t set a = 1, b = (select max(x) from s); replace into t set a = (select min(y) from s)

-- s.x -> t.b aggregation
-- s.y -> t.a aggregation

-- # REPLACE INTO
-- dialect: mysql
replace into t (a) select x from s

-- s.x -> t.a

-- # LOW_PRIORITY, IGNORE and no INTO
-- dialect: mysql
insert low_priority ignore t (a) select x from s

-- s.x -> t.a

-- # INSERT ALL: every branch, each with its condition
-- dialect: oracle
insert all into log_all (id) values (customer_id) when amount > 1000 then into big (id, amt) values (customer_id, amount) into copy_big when city = 'X' then into x_city (id) values (customer_id) select customer_id, amount, city from s

-- S.CUSTOMER_ID -> LOG_ALL.ID
-- S.CUSTOMER_ID -> BIG.ID
-- S.AMOUNT -> BIG.AMT
-- S.AMOUNT ~> BIG filter
-- S.CUSTOMER_ID -> COPY_BIG.CUSTOMER_ID
-- S.AMOUNT -> COPY_BIG.AMOUNT
-- S.CITY -> COPY_BIG.CITY
-- S.AMOUNT ~> COPY_BIG filter
-- S.CUSTOMER_ID -> X_CITY.ID
-- S.CITY ~> X_CITY filter
-- reason: assumed-columns
-- never: S.CITY ~> LOG_ALL filter

-- # INSERT FIRST: later branches also depend on the earlier conditions
-- dialect: oracle
insert first when amt > 100 then into d.big (v) values (amt) when k = 1 then into d.mid (v) values (amt) else into d.rest (v) values (amt) select amt, k from d.src

-- D.SRC.AMT -> D.BIG.V
-- D.SRC.AMT ~> D.BIG filter
-- D.SRC.AMT -> D.MID.V
-- D.SRC.AMT ~> D.MID filter
-- D.SRC.K ~> D.MID filter
-- D.SRC.AMT -> D.REST.V
-- D.SRC.AMT ~> D.REST filter
-- D.SRC.K ~> D.REST filter

-- # Snowflake's INSERT ALL
-- dialect: snowflake
insert overwrite all into t1 (a) values (x) into t2 select x, y from s

-- S.X -> T1.A
-- S.X -> T2.X
-- S.Y -> T2.Y
-- reason: assumed-columns

-- # through a query
-- dialect: oracle
insert into (select a, b from t where c = 1) select x, y from s

-- S.X -> T.A
-- S.Y -> T.B
-- never: S.X -> CHANGED_QUERY.A

-- # errors to a table of errors are no data of the query
-- dialect: oracle
insert into t (a) select x from s log errors into err$_t ('load') reject limit unlimited

-- S.X -> T.A

-- # OUTPUT INTO a log
-- dialect: tsql
insert into dbo.t (a) output inserted.a, inserted.id into dbo.log (new_a, new_id) select p from dbo.s

-- dbo.s.p -> dbo.t.a
-- dbo.s.p -> dbo.log.new_a
-- dbo.t.id -> dbo.log.new_id

-- # TOP and no INTO
-- dialect: tsql
insert top (10) dbo.t (a) select p from dbo.s

-- dbo.s.p -> dbo.t.a

-- # rows of a procedure
-- dialect: tsql
insert into #t exec dbo.load_rows

-- status: opaque
-- reason: runs-code

-- # ON CONFLICT with a row on the left
insert into t (a, b) select x, y from s on conflict (a) do update set (b, c) = (excluded.b, t.c + 1)

-- s.x -> t.a
-- s.y -> t.b
-- t.c -> t.c transformation

-- # ON CONFLICT with a query on the right
insert into t (a) select x from s on conflict (a) do update set (b, c) = (select p, q from r where r.id = excluded.a)

-- s.x -> t.a
-- r.p -> t.b
-- r.id ~> t.b filter
-- s.x ~> t.b filter
-- r.q -> t.c
-- r.id ~> t.c filter
-- s.x ~> t.c filter

-- # OVERRIDING
insert into t (a) overriding system value select x from s

-- s.x -> t.a

-- # all columns but some
-- dialect: clickhouse
-- schema: t(a, 备注, b)
insert into t (* except (备注)) select x, y from s

-- s.x -> t.a
-- s.y -> t.b
-- never: s.y -> t.备注

-- # into a function
-- dialect: clickhouse
insert into function s3('https://bucket/x.csv', 'key', 'secret', 'CSV') select a from b

-- b.a -> https://bucket/x.csv.a
-- reason: assumed-columns

-- # into a table of another server: no password in its name
-- dialect: clickhouse
insert into table function mysql('host:3306', 'db', 't', 'user', 'password') (a) select x from b

-- b.x -> mysql://host:3306/db/t.a

-- # rows from the client
-- dialect: clickhouse
insert into t (a) format JSONEachRow

-- nothing

-- # UPSERT
-- dialect: hive
upsert into table t (a) select x from s

-- s.x -> t.a

-- # CTEs before and behind
-- dialect: spark
with c as (select x from a) insert into t (p) select x from c; insert into t (p) with d as (select y from b) select y from d

-- a.x -> t.p
-- b.y -> t.p

-- # STREAM of statements that is submitted
-- dialect: starrocks
submit task etl as insert into dwd.t (a) select x from ods.s

-- ods.s.x -> dwd.t.a
