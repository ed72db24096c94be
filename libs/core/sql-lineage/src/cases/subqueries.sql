-- Queries inside expressions.

-- # a scalar subquery: its filter influences only its own value
select a.x, (select max(b.y) from b where b.id = a.id) as m from a

-- a.x -> result.x
-- b.y -> result.m aggregation
-- b.id ~> result.m filter
-- a.id ~> result.m filter
-- never: b.id ~> result filter

-- # EXISTS decides about rows
select a.x from a where exists (select 1 from b where b.id = a.id)

-- a.x -> result.x
-- b.id ~> result filter
-- a.id ~> result filter
-- never: b.id -> result.x

-- # EXISTS as a value
select exists (select b.y from b where b.id = a.id) as there from a

-- b.id ~> result.there conditional
-- a.id ~> result.there conditional

-- # IN compares with the query's column
select a.x from a where a.id in (select b.id from b where b.k = 1)

-- a.x -> result.x
-- a.id ~> result filter
-- b.id ~> result filter
-- b.k ~> result filter

-- # NOT IN and ANY
select x from a where x not in (select y from b) and x = any (select z from c)

-- a.x -> result.x
-- b.y ~> result filter
-- a.x ~> result filter
-- c.z ~> result filter

-- # a correlated column found by the schema, two levels up
-- schema: a(id, x) b(bid, y) c(cid)
select x from a where exists (select 1 from b where exists (select 1 from c where cid = id))

-- a.x -> result.x
-- c.cid ~> result filter
-- a.id ~> result filter
-- read: b

-- # a subquery as an array
select array(select y from b) as ys from a

-- b.y -> result.ys transformation
-- read: a

-- # a subquery in HAVING and ORDER BY
select x from a group by x having count(*) > (select n from b) order by (select m from c)

-- a.x -> result.x
-- b.n ~> result filter
-- a.x ~> result group_by
-- c.m ~> result sort
