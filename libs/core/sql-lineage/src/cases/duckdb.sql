-- What DuckDB writes differently.

-- # FROM first
from a select x

-- a.x -> result.x

-- # FROM alone
-- schema: a(x, y)
from a

-- a.x -> result.x
-- a.y -> result.y

-- # EXCLUDE, REPLACE, RENAME
-- schema: a(x, y, z)
select * exclude (x) replace (y + 1 as y) rename (z as w) from a

-- a.y -> result.y transformation
-- a.z -> result.w

-- # COLUMNS with a pattern
-- schema: a(xa, xb, y)
select columns('^x') from a

-- a.xa -> result.xa
-- a.xb -> result.xb
-- never: a.y -> result.y

-- # a name of the SELECT list used further on
-- schema: a(x, y)
select x + 1 as p, p * 2 as q from a

-- a.x -> result.p transformation
-- a.x -> result.q transformation

-- # a column of the table wins over a name of the list
select x || y as x, x as first from a

-- a.x -> result.x transformation
-- a.y -> result.x transformation
-- a.x -> result.first

-- # lambdas and list comprehensions
select list_transform(xs, e -> e + y) as m, [e for e in xs if e > z] as l from a

-- a.xs -> result.m transformation
-- a.y -> result.m transformation
-- a.xs -> result.l transformation
-- a.z ~> result.l conditional
-- never: a.e -> result.m transformation

-- # GROUP BY ALL, ORDER BY ALL
select x, sum(y) as s from a group by all order by all

-- a.x -> result.x
-- a.y -> result.s aggregation
-- a.x ~> result group_by
-- a.x ~> result sort
-- a.y ~> result sort

-- # INSERT BY NAME
-- schema: b(p, q)
insert into b by name select x as q, y as p from a

-- a.x -> b.q
-- a.y -> b.p

-- # UNION BY NAME
-- schema: a(x, y) b(y, z)
select * from a union by name select * from b

-- a.x -> result.x
-- a.y -> result.y
-- b.y -> result.y
-- b.z -> result.z

-- # files as tables
create table b as from read_csv('in/a.csv'); insert into c select x from 'in/*.parquet'

-- in/a.csv.* -> b.*
-- in/*.parquet.x -> c.x
-- reason: unknown-columns
-- reason: assumed-columns

-- # QUALIFY
select x from a qualify row_number() over (partition by k order by d) = 1

-- a.x -> result.x
-- a.k ~> result filter
-- a.d ~> result filter

-- # struct fields and colon aliases
select s: y, t.pos.lat from a as t

-- a.y -> result.s
-- a.pos -> result.lat transformation

-- # ASOF join
select a.x, b.y from a asof join b on a.id = b.id and a.d >= b.d

-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join
-- a.d ~> result join
-- b.d ~> result join

-- # COPY a query to a file
copy (select x from a) to 'out.parquet' (format parquet)

-- a.x -> out.parquet.x
