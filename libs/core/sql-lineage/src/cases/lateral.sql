-- Rows made of a row's own columns: lateral views, UNNEST, table functions.

-- # LATERAL VIEW explode
-- dialect: hive
insert into dwd.cust_tag select a.cust_id, e.tag from ods.cust a lateral view explode(split(a.tags, ',')) e as tag

-- ods.cust.cust_id -> dwd.cust_tag.cust_id
-- ods.cust.tags -> dwd.cust_tag.tag transformation
-- reason: assumed-columns
-- never: ods.cust.tag -> dwd.cust_tag.tag

-- # an unqualified column of the table is not the view's
-- dialect: hive
select cust_id, tag from cust lateral view outer explode(tags) e as tag where cust_id > 1 and tag <> ''

-- cust.cust_id -> result.cust_id
-- cust.tags -> result.tag transformation
-- cust.cust_id ~> result filter
-- cust.tags ~> result filter

-- # views that build on each other, maps and positions
-- dialect: hive
select k, pos, v from t lateral view explode(props) p as k, items lateral view posexplode(items) q as pos, v

-- t.props -> result.k transformation
-- t.props -> result.pos transformation
-- t.props -> result.v transformation

-- # json_tuple takes its text from the first argument
-- dialect: hive
select j.a, j.b from t lateral view json_tuple(t.doc, 'a', 'b') j as a, b

-- t.doc -> result.a transformation
-- t.doc -> result.b transformation

-- # stack: each column from its own arguments
-- dialect: spark
select s.n, s.v from t lateral view stack(2, 'jan', t.jan, 'feb', t.feb) s as n, v

-- t.jan -> result.v transformation
-- t.feb -> result.v transformation
-- never: t.jan -> result.n transformation

-- # a view without an alias for the table; default names
-- dialect: spark
select x, col from t lateral view explode(xs) as x lateral view explode(ys) y

-- t.xs -> result.x transformation
-- t.ys -> result.col transformation

-- # inline of an array of structs
-- dialect: hive
select p, q from t lateral view inline(t.orders) o as p, q

-- t.orders -> result.p transformation
-- t.orders -> result.q transformation

-- # LATERAL VIEW after a join of derived tables
-- dialect: spark
select z.id, e.x from (select id, xs from 账户) z join b on z.id = b.id lateral view explode(z.xs) e as x

-- 账户.id -> result.id
-- 账户.xs -> result.x transformation
-- 账户.id ~> result join
-- b.id ~> result join

-- # functions that give many columns in the SELECT list
-- dialect: spark
select id, posexplode(xs) as (p, v), stack(2, 'a', a, 'b', b) as (n, m) from t

-- t.id -> result.id
-- t.xs -> result.p transformation
-- t.xs -> result.v transformation
-- t.a -> result.m transformation
-- t.b -> result.m transformation

-- # CROSS JOIN UNNEST with several arrays
-- dialect: trino
select u.x, u.y, u.n from t cross join unnest(t.a, t.b) with ordinality as u (x, y, n)

-- t.a -> result.x transformation
-- t.b -> result.y transformation
-- t.a -> result.n transformation
-- t.b -> result.n transformation
-- never: t.b -> result.x transformation

-- # BigQuery: an offset, an alias for the element, an array named like a table
-- dialect: bigquery
select id, x, off, y.z from t, unnest(t.xs) as x with offset as off, t.ys as y

-- t.id -> result.id
-- t.xs -> result.x transformation
-- t.xs -> result.off transformation
-- t.ys -> result.z transformation

-- # Snowflake's FLATTEN
-- dialect: snowflake
select t.id, f.value:name::text as name, f.index from t, lateral flatten(input => t.doc:items) f

-- T.ID -> result.ID
-- T.DOC -> result.NAME transformation
-- T.DOC -> result.INDEX transformation

-- # ARRAY JOIN: the array's name becomes the element
-- dialect: clickhouse
select id, tag, n, names from ods.a left array join tags as tag, arrayEnumerate(tags) as n array join names prewhere id > 1

-- ods.a.id -> result.id
-- ods.a.tags -> result.tag transformation
-- ods.a.tags -> result.n transformation
-- ods.a.names -> result.names transformation
-- ods.a.id ~> result filter

-- # JSON_TABLE with nested columns
-- dialect: mysql
select t.id, j.a, j.c from t, json_table(t.doc, '$[*]' columns (n for ordinality, a int path '$.a', nested path '$.b[*]' columns (c int path '$.c'))) as j

-- t.id -> result.id
-- t.doc -> result.a transformation
-- t.doc -> result.c transformation

-- # the columns of OPENJSON in a star
-- dialect: tsql
-- schema: t(id, doc)
select t.id, j.* from t cross apply openjson(t.doc) with (a int '$.a', b nvarchar(50) '$.b') as j

-- t.id -> result.id
-- t.doc -> result.a transformation
-- t.doc -> result.b transformation

-- # XMLTABLE
-- dialect: oracle
select x.a from t, xmltable('/r' passing t.doc columns a number path 'a', b varchar2(10) path 'b') x

-- T.DOC -> result.A transformation

-- # Flink's windows pass the table's columns through
-- dialect: flink
-- schema: bid(bid_time, price, item)
insert into agg select window_start, window_end, item, sum(price) as price from table(tumble(table bid, descriptor(bid_time), interval '10' minutes)) group by window_start, window_end, item

-- bid.bid_time -> agg.window_start transformation
-- bid.bid_time -> agg.window_end transformation
-- bid.item -> agg.item
-- bid.price -> agg.price aggregation
-- bid.bid_time ~> agg group_by
-- bid.item ~> agg group_by
-- reason: assumed-columns

-- # a window over a table that nobody knows
-- dialect: flink
select w.price, w.window_end from table(hop(table bid, descriptor(bid_time), interval '5' minutes, interval '10' minutes)) as w

-- bid.price -> result.price
-- bid.bid_time -> result.window_end transformation

-- # LATERAL TABLE of a function of one's own
-- dialect: flink
select t.id, s.word from t left join lateral table(split_words(t.line)) as s (word, len) on true

-- t.id -> result.id
-- t.line -> result.word transformation
-- reason: table-function

-- # CROSS APPLY and OUTER APPLY
-- dialect: tsql
select t.id, a.last_paid, b.value from t cross apply (select max(p.paid_at) as last_paid from pay p where p.id = t.id) a outer apply string_split(t.tags, ',') b

-- t.id -> result.id
-- pay.paid_at -> result.last_paid aggregation
-- t.tags -> result.value transformation
-- pay.id ~> result filter
-- t.id ~> result filter

-- # Oracle's TABLE() over a nested table
-- dialect: oracle
select t.id, y.column_value from t, table(t.phones) y

-- T.ID -> result.ID
-- T.PHONES -> result.COLUMN_VALUE transformation

-- # a function over a whole table
-- dialect: trino
select x from table(detect(input => table(orders), threshold => 3))

-- orders.* -> result.x transformation
-- reason: table-function

-- # a table elsewhere
-- dialect: clickhouse
select id from cluster('main', ods, accounts)

-- ods.accounts.id -> result.id

-- # a lateral view's name in quotes
-- dialect: hive
select `标签 表`.tag, `k v`.v from crm.cust c lateral view explode(c.tags) `标签 表` as tag lateral view outer explode(c.props) `k v` as k, v

-- crm.cust.tags -> result.tag transformation
-- crm.cust.props -> result.v transformation
