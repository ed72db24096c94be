-- Functions over many rows.

-- # aggregates
select sum(x) as s, count(distinct y) as n, max(x + z) as m from a

-- a.x -> result.s aggregation
-- a.y -> result.n aggregation
-- a.x -> result.m aggregation
-- a.z -> result.m aggregation

-- # count(*) counts rows, not columns
select count(*) as n from a

-- read: a
-- never: a.* -> result.n aggregation

-- # FILTER decides which rows count
select sum(x) filter (where y > 1) as s from a

-- a.x -> result.s aggregation
-- a.y -> result.s aggregation
-- a.y ~> result.s filter

-- # ORDER BY inside an aggregate
select string_agg(x, ',' order by y) as s from a

-- a.x -> result.s aggregation
-- a.y ~> result.s sort

-- # WITHIN GROUP: the sorted column is the value
select percentile_cont(0.5) within group (order by x) as p from a

-- a.x -> result.p aggregation

-- # a window's keys influence the column
select sum(x) over (partition by k order by d) as s, row_number() over (order by d) as n from a

-- a.x -> result.s aggregation
-- a.k ~> result.s window
-- a.d ~> result.s window
-- a.d ~> result.n window
-- never: a.k -> result.s
-- never: a.k ~> result window

-- # named windows
select sum(x) over w as s, max(y) over (w order by d) as m from a window w as (partition by k)

-- a.x -> result.s aggregation
-- a.k ~> result.s window
-- a.y -> result.m aggregation
-- a.d ~> result.m window
-- a.k ~> result.m window

-- # lag and first_value take other rows' values
select lag(x) over (order by d) as l, first_value(y) over (order by d) as f from a

-- a.x -> result.l transformation
-- a.d ~> result.l window
-- a.y -> result.f transformation
-- a.d ~> result.f window

-- # an aggregate of a computed column stays an aggregate
select t.s * 2 as d from (select sum(x) as s from a) t

-- a.x -> result.d aggregation

-- # grouping sets
select x, sum(y) as s from a group by grouping sets ((x), ()), rollup (z)

-- a.x -> result.x
-- a.y -> result.s aggregation
-- a.x ~> result group_by
-- a.z ~> result group_by

-- # names PostgreSQL gives
select sum(x), max(y)::int, case when z then 1 end, (select p from b limit 1), coalesce(w, 0), 1 + v, array[x] from a

-- a.x -> result.sum aggregation
-- a.y -> result.max aggregation
-- a.z -> result.case transformation
-- a.z ~> result.case conditional
-- b.p -> result.p
-- a.w -> result.coalesce transformation
-- a.v -> result.?column? transformation
-- a.x -> result.array transformation
