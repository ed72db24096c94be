-- CTEs and set operations.

-- # a CTE before the INSERT
with c as (select x as k from a) insert into b select k from c

-- a.x -> b.k
-- reason: assumed-columns

-- # a CTE inside the INSERT
insert into b (k) with c as (select x from a) select x from c

-- a.x -> b.k

-- # CTEs that build on each other
with c as (select x from a), d as (select x + 1 as y from c) select y as z from d

-- a.x -> result.z transformation

-- # a CTE with a column list
with c (p, q) as (select x, y from a) select q, p from c

-- a.y -> result.q
-- a.x -> result.p

-- # a CTE hides a table of its name; outside it is the table
with c as (select x from a) select x from c

-- a.x -> result.x
-- never: c.x -> result.x

-- # a CTE that reads the table it is named after
with a as (select x from a where y = 1) select x from a

-- a.x -> result.x
-- a.y ~> result filter

-- # an inner WITH hides the outer one
with c as (select x from a) select s.x from (with c as (select y as x from b) select x from c) s

-- b.y -> result.x
-- reason: unused-query

-- # a CTE that nothing reads influences nothing
with c as (select y from b) select x from a

-- a.x -> result.x
-- reason: unused-query
-- never: b.y -> result.y

-- # a recursive CTE
with recursive r (id, top) as (select id, id from a where parent is null union all select a.id, r.top from a join r on a.parent = r.id) select id, top from r

-- a.id -> result.id
-- a.id -> result.top
-- a.parent ~> result filter
-- a.parent ~> result join
-- a.id ~> result join

-- # a recursive CTE whose columns are named by its first SELECT
with recursive r as (select id, parent as top, 1 as depth from a union all select a.id, r.top, depth + 1 from a join r on a.parent = r.id) select id, top, depth from r

-- a.id -> result.id
-- a.parent -> result.top
-- a.parent ~> result join
-- a.id ~> result join

-- # a CTE that changes a table
with moved as (delete from a where x > 1 returning x, y) insert into b (p, q) select x, y from moved

-- a.x -> b.p
-- a.y -> b.q
-- delete: a

-- # a CTE that inserts
with n as (insert into a (i) select p from s returning i) insert into c (z) select i from n

-- s.p -> a.i
-- a.i -> c.z

-- # UNION by position, with the names of the first
insert into c (p, q) select x, y from a union all select z, w from b

-- a.x -> c.p
-- b.z -> c.p
-- a.y -> c.q
-- b.w -> c.q

-- # INTERSECT gives values of both
select x from a intersect select y from b

-- a.x -> result.x
-- b.y -> result.x

-- # EXCEPT: the right side only filters
select x from a except select y from b

-- a.x -> result.x
-- b.y ~> result filter
-- never: b.y -> result.x

-- # sorting a UNION
select x from a union select y from b order by x

-- a.x -> result.x
-- b.y -> result.x
-- a.x ~> result sort
-- b.y ~> result sort

-- # brackets around the sides
(select x from a order by k limit 1) union all (select y from b)

-- a.x -> result.x
-- b.y -> result.x
-- a.k ~> result sort

-- # a bracketed query just before the UNION
select x from a where x > (select max(z) from c) union all select y from b

-- a.x -> result.x
-- b.y -> result.x
-- a.x ~> result filter
-- c.z ~> result filter
-- never: b.y ~> result filter

-- # VALUES as a table
select v.p, a.x from (values (1, 2), (3, 4)) as v (p, q) join a on a.id = v.q

-- a.x -> result.x
-- a.id ~> result join
-- never: ?.p -> result.p

-- # stars of unknown width
select * from a union all select * from b

-- a.* -> result.*
-- b.* -> result.*
-- reason: unknown-columns
