-- What a SELECT list makes of columns.

-- # a plain column
select x from a

-- a.x -> result.x

-- # an alias, and an alias without AS
select x as y, z w from a

-- a.x -> result.y
-- a.z -> result.w

-- # arithmetic, functions and casts change the value
select x + y as s, upper(z) as u, w::int as i, cast(v as text) as t from a

-- a.x -> result.s transformation
-- a.y -> result.s transformation
-- a.z -> result.u transformation
-- a.w -> result.i transformation
-- a.v -> result.t transformation
-- never: a.x -> result.s

-- # brackets change nothing
select (x) as y from a

-- a.x -> result.y

-- # constants come from nowhere
select 1, 'text', null, true, now(), current_date, current_user

-- nothing
-- never: ?.now -> result.now

-- # CASE: the value is made from results and conditions; conditions also decide
select case when k = 1 then x else y end as c, case k when 1 then x end as d from a

-- a.x -> result.c transformation
-- a.y -> result.c transformation
-- a.k -> result.c transformation
-- a.k ~> result.c conditional
-- a.x -> result.d transformation
-- a.k -> result.d transformation
-- a.k ~> result.d conditional
-- never: a.k ~> result conditional

-- # COALESCE and NULLIF test what they give
select coalesce(x, y) as c, nullif(x, '') as n from a

-- a.x -> result.c transformation
-- a.y -> result.c transformation
-- a.x -> result.n transformation

-- # a star with the schema
-- schema: a(x, y)
select * from a

-- a.x -> result.x
-- a.y -> result.y

-- # a star without the schema is kept, and said
select * from a

-- a.* -> result.*
-- reason: unknown-columns

-- # a qualified star
-- schema: a(x, y) b(x, z)
select a.* from a join b on a.x = b.x

-- a.x -> result.x
-- a.y -> result.y
-- a.x ~> result join
-- b.x ~> result join
-- never: b.z -> result.z

-- # a star over a derived table is known
select * from (select x, y as z from a) s

-- a.x -> result.x
-- a.y -> result.z
-- never: a.z -> result.z

-- # a column through a star of an unknown table
select x from (select * from a) s

-- a.x -> result.x
-- reason: unknown-columns

-- # a whole row
-- schema: a(x, y)
select a from a

-- a.x -> result.a
-- a.y -> result.a

-- # fields of a composite column
select (x).f, a.y[1] from a

-- a.x -> result.f transformation
-- a.y -> result.y transformation

-- # filter, grouping, sorting influence all rows
select x, count(*) as n from a where y > 1 group by x having max(z) > 2 order by w limit 5

-- a.x -> result.x
-- a.y ~> result filter
-- a.z ~> result filter
-- a.x ~> result group_by
-- a.w ~> result sort

-- # positions and output names in GROUP BY and ORDER BY
select x as k, sum(y) as total from a group by 1 order by total

-- a.x -> result.k
-- a.y -> result.total aggregation
-- a.x ~> result group_by
-- a.y ~> result sort
-- never: a.2 ~> result sort

-- # GROUP BY prefers the table's column, ORDER BY the output name
-- schema: a(x, y)
select x as y, y as x from a group by y, x order by y

-- a.x -> result.y
-- a.y -> result.x
-- a.y ~> result group_by
-- a.x ~> result group_by
-- a.x ~> result sort

-- # DISTINCT ON decides which rows stay
select distinct on (x) x, y from a order by x, z

-- a.x -> result.x
-- a.y -> result.y
-- a.x ~> result group_by
-- a.x ~> result sort
-- a.z ~> result sort

-- # WHERE does not know the names of the SELECT list
select x as y from a where y = 1

-- a.x -> result.y
-- a.y ~> result filter
-- never: a.x ~> result filter

-- # an unqualified column of two unknown tables is not guessed
select x from a, b

-- (a | b).x -> result.x
-- reason: ambiguous-column
-- never: a.x -> result.x

-- # an unqualified column found by the schema
-- schema: a(x, y) b(z)
select x, z from a, b

-- a.x -> result.x
-- b.z -> result.z

-- # an unqualified column left over for the unknown table
-- schema: a(x, y)
select z from a, b

-- b.z -> result.z
-- read: a

-- # a column that nobody has
-- schema: a(x, y)
select nope, a.nix from a

-- a.nope -> result.nope
-- a.nix -> result.nix
-- status: partial
-- reason: unknown-column

-- # system columns are there without being declared
-- schema: a(x)
select ctid, x from a

-- a.ctid -> result.ctid
-- a.x -> result.x
