-- Functions that give rows.

-- # UNNEST of a column
select u.e from a, unnest(a.tags) as u (e)

-- a.tags -> result.e transformation

-- # UNNEST WITH ORDINALITY
select u.e, u.n from a cross join lateral unnest(a.tags) with ordinality as u (e, n)

-- a.tags -> result.e transformation
-- a.tags -> result.n transformation

-- # generate_series has no source
select g.i from generate_series(1, 10) as g (i)

-- nothing
-- never: g.i -> result.i

-- # a function that nobody knows
select f.x, f.y from report(1) as f (x int, y text)

-- reason: table-function

-- # a function's argument from a neighbour
select j.value from a, json_each(a.doc) as j (key, value)

-- a.doc -> result.value transformation
