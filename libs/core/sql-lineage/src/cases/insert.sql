-- INSERT.

-- # by position, names assumed to be the same
insert into b select x, y from a

-- a.x -> b.x
-- a.y -> b.y
-- reason: assumed-columns

-- # by position, with the schema
-- schema: b(p, q)
insert into b select x, y from a

-- a.x -> b.p
-- a.y -> b.q
-- never: a.x -> b.x

-- # with a column list
insert into b (q, p) select x, y + 1 from a

-- a.x -> b.q
-- a.y -> b.p transformation

-- # VALUES with a subquery
insert into b (p, q) values (1, (select max(x) from a)), (2, default)

-- a.x -> b.q aggregation

-- # more columns than the target has
-- schema: b(p)
insert into b select x, y from a

-- a.x -> b.p
-- a.y -> b.y
-- status: partial
-- reason: too-many-columns

-- # a star into a known table
-- schema: a(x, y) b(p, q)
insert into b select * from a

-- a.x -> b.p
-- a.y -> b.q

-- # a star of unknown width, and a column after it
-- schema: b(p, q, r)
insert into b select a.*, c.z from a, c

-- a.* -> b.*
-- c.z -> b.r
-- reason: unknown-columns

-- # ON CONFLICT DO UPDATE
insert into b (id, p) select x, y from a on conflict (id) do update set p = excluded.p, n = b.n + 1 where b.k > 0

-- a.x -> b.id
-- a.y -> b.p
-- b.n -> b.n transformation
-- b.k ~> b filter

-- # ON CONFLICT DO NOTHING
insert into b (id) select x from a on conflict do nothing

-- a.x -> b.id

-- # into itself
insert into a (x) select y from a

-- a.y -> a.x

-- # DEFAULT VALUES
insert into b default values

-- nothing
