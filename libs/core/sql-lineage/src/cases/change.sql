-- UPDATE, MERGE, DELETE, TRUNCATE, DROP, COPY.

-- # UPDATE FROM
update b set p = a.x, q = b.q + a.y from a where a.id = b.id

-- a.x -> b.p
-- b.q -> b.q transformation
-- a.y -> b.q transformation
-- a.id ~> b filter
-- b.id ~> b filter

-- # UPDATE with an alias and a subquery
update only s.b as t set p = (select max(x) from a where a.id = t.id)

-- a.x -> s.b.p aggregation
-- a.id ~> s.b.p filter
-- s.b.id ~> s.b.p filter

-- # UPDATE from a CTE
with c as (select id, sum(x) as s from a group by id) update b set p = c.s from c where c.id = b.id

-- a.x -> b.p aggregation
-- a.id ~> b group_by
-- a.id ~> b filter
-- b.id ~> b filter

-- # UPDATE with a constant
update b set p = 1, q = default

-- nothing
-- never: ?.default -> b.q

-- # MERGE
merge into b using a on a.id = b.id when matched and a.k > 1 then update set p = a.x when not matched then insert (id, p) values (a.id, a.y + 1)

-- a.x -> b.p
-- a.id -> b.id
-- a.y -> b.p transformation
-- a.id ~> b join
-- b.id ~> b join
-- a.k ~> b filter

-- # MERGE with a query, DELETE and positional INSERT
-- schema: b(id, p)
merge into b t using (select id, sum(x) as s from a group by id) s on s.id = t.id when matched and s.s = 0 then delete when not matched then insert values (s.id, s.s)

-- a.id -> b.id
-- a.x -> b.p aggregation
-- a.id ~> b group_by
-- a.id ~> b join
-- b.id ~> b join
-- a.x ~> b filter

-- # DELETE has no edges
delete from b using a where a.id = b.id

-- read: a
-- delete: b
-- never: a.id ~> b filter

-- # TRUNCATE and DROP
truncate a, b; drop table if exists c, d cascade; drop view v; drop materialized view m

-- delete: a
-- delete: b
-- drop: c
-- drop: d
-- drop: v
-- drop: m

-- # COPY into a table and out of a query
copy b from '/data/b.csv'; copy (select x from a) to '/data/a.csv'

-- a.x -> /data/a.csv.x
-- read: /data/b.csv
