-- Functions: which are over many rows, which choose, which read elsewhere.

-- # ClickHouse: combinators
-- dialect: clickhouse
select sumIf(amt, kind = 'in') as s, uniqExactMerge(state) as u, argMax(name, ts) as a, quantileIf(0.9)(amt, ok) as q, anyLastOrNullIf(x, y) as l, groupArray(10)(id) as g from t

-- t.amt -> result.s aggregation
-- t.kind -> result.s aggregation
-- t.kind ~> result.s conditional
-- t.state -> result.u aggregation
-- t.name -> result.a aggregation
-- t.ts -> result.a aggregation
-- t.amt -> result.q aggregation
-- t.ok -> result.q aggregation
-- t.ok ~> result.q conditional
-- t.x -> result.l aggregation
-- t.y -> result.l aggregation
-- t.y ~> result.l conditional
-- t.id -> result.g aggregation

-- # ClickHouse: a dictionary is a source
-- dialect: clickhouse
insert into dw.t (id, branch) select id, dictGet('dim.branches', 'name', branch_id) from ods.a

-- ods.a.id -> dw.t.id
-- dim.branches.name -> dw.t.branch
-- ods.a.branch_id -> dw.t.branch transformation
-- ods.a.branch_id ~> dw.t.branch conditional

-- # ClickHouse: multiIf, GLOBAL IN, lambdas, tuples
-- dialect: clickhouse
select multiIf(a > 1, b, c > 1, d, e) as m, arrayMap((x, y) -> x + y + k, xs, ys) as s, tup.1 as first from t where id global in (select id from ids)

-- t.b -> result.m transformation
-- t.d -> result.m transformation
-- t.e -> result.m transformation
-- t.a -> result.m transformation
-- t.c -> result.m transformation
-- t.a ~> result.m conditional
-- t.c ~> result.m conditional
-- t.xs -> result.s transformation
-- t.ys -> result.s transformation
-- t.k -> result.s transformation
-- t.tup -> result.first transformation
-- t.id ~> result filter
-- ids.id ~> result filter

-- # ClickHouse: a star through a function, and columns by pattern
-- dialect: clickhouse
-- schema: t(amt_a, amt_b, id)
select * except (id) apply(sum), columns('^amt_b') from t

-- t.amt_a -> result.amt_a aggregation
-- t.amt_b -> result.amt_b aggregation
-- t.amt_b -> result.amt_b

-- # Oracle: DECODE, NVL2, KEEP, LISTAGG
-- dialect: oracle
select decode(kind, 1, a, b) as d, nvl2(x, y, z) as n, max(amt) keep (dense_rank last order by ts) as k, listagg(name, ',') within group (order by no) as l, wm_concat(w) as w from t

-- T.A -> result.D transformation
-- T.B -> result.D transformation
-- T.KIND -> result.D transformation
-- T.KIND ~> result.D conditional
-- T.Y -> result.N transformation
-- T.Z -> result.N transformation
-- T.X -> result.N transformation
-- T.X ~> result.N conditional
-- T.AMT -> result.K aggregation
-- T.TS ~> result.K sort
-- T.NAME -> result.L aggregation
-- T.NO ~> result.L sort
-- T.W -> result.W aggregation

-- # MySQL: names and values as JSON
-- dialect: mysql
select json_objectagg(name, amt) as o, group_concat(distinct tag order by ts separator ',') as g, if(a > 1, b, c) as i from t

-- t.name -> result.o aggregation
-- t.amt -> result.o aggregation
-- t.tag -> result.g aggregation
-- t.ts ~> result.g sort
-- t.b -> result.i transformation
-- t.c -> result.i transformation
-- t.a -> result.i transformation
-- t.a ~> result.i conditional

-- # Hive and Spark
-- dialect: spark
select percentile_approx(amt, 0.5) as p, collect_set(tag) as c, max_by(name, ts) as m, count_if(x > 1) as n, array_sort(xs) as s, some(flag) as f from t

-- t.amt -> result.p aggregation
-- t.tag -> result.c aggregation
-- t.name -> result.m aggregation
-- t.ts -> result.m aggregation
-- t.x -> result.n aggregation
-- t.xs -> result.s transformation
-- t.flag -> result.f aggregation

-- # Doris: bitmaps and sketches
-- dialect: doris
select bitmap_union(b) as b, hll_union_agg(h) as h, retention(a > 1, c > 1) as r, bitmap_count(bitmap_agg(id)) as n from t

-- t.b -> result.b aggregation
-- t.h -> result.h aggregation
-- t.a -> result.r aggregation
-- t.c -> result.r aggregation
-- t.id -> result.n aggregation

-- # Trino
-- dialect: trino
select map_agg(k, v) as m, approx_percentile(amt, 0.9) as p, reduce(xs, 0, (s, x) -> s + x, s -> s) as r, try(a / b) as q, arbitrary(z) as z from t

-- t.k -> result.m aggregation
-- t.v -> result.m aggregation
-- t.amt -> result.p aggregation
-- t.xs -> result.r transformation
-- t.a -> result.q transformation
-- t.b -> result.q transformation
-- t.z -> result.z aggregation

-- # a pattern over rows
-- dialect: flink
select m.cust, m.low from ticks match_recognize (partition by cust order by ts measures a.price as first_price, last(b.price) as low one row per match after match skip past last row pattern (a b+) define b as b.price < a.price) as m

-- ticks.cust -> result.cust
-- ticks.price -> result.low aggregation
-- ticks.cust ~> result window
-- ticks.ts ~> result window
-- ticks.price ~> result filter
