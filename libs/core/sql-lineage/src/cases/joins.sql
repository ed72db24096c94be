-- How tables come together.

-- # an inner join
select a.x, b.y from a join b on a.id = b.id and b.z > 1

-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join
-- b.z ~> result join

-- # outer joins
select a.x, b.y, c.z from a left join b on a.id = b.id right join c on c.id = b.id full join d on d.id = c.id

-- a.x -> result.x
-- b.y -> result.y
-- c.z -> result.z
-- a.id ~> result join
-- b.id ~> result join
-- d.id ~> result join
-- c.id ~> result join

-- # a comma and a cross join have no condition
select a.x, c.z from a, b cross join c

-- a.x -> result.x
-- c.z -> result.z
-- read: b
-- never: a.x ~> result join

-- # USING makes one column, the left one
-- schema: a(id, x) b(id, y)
select * from a join b using (id)

-- a.id -> result.id
-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join
-- never: b.id -> result.id

-- # USING in a right join gives the right one
-- schema: a(id, x) b(id, y)
select id from a right join b using (id)

-- b.id -> result.id
-- a.id ~> result join
-- b.id ~> result join

-- # USING in a full join gives whichever is there
-- schema: a(id, x) b(id, y)
select id, x, y from a full join b using (id)

-- a.id -> result.id transformation
-- b.id -> result.id transformation
-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join

-- # three tables by USING
-- schema: a(id, x) b(id, y) c(id, z)
select * from a join b using (id) left join c using (id)

-- a.id -> result.id
-- a.x -> result.x
-- b.y -> result.y
-- c.z -> result.z
-- b.id ~> result join
-- a.id ~> result join
-- c.id ~> result join

-- # NATURAL joins by the columns both have
-- schema: a(id, x) b(id, y)
select * from a natural join b

-- a.id -> result.id
-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join

-- # NATURAL without the schema is said
select a.x from a natural join b

-- a.x -> result.x
-- a.* ~> result join
-- b.* ~> result join
-- reason: unknown-columns

-- # brackets around joins
select t.x, w.z from (t join u on t.id = u.id) left join (v join w on v.id = w.id) on u.k = v.k

-- t.x -> result.x
-- w.z -> result.z
-- t.id ~> result join
-- u.id ~> result join
-- v.id ~> result join
-- w.id ~> result join
-- u.k ~> result join
-- v.k ~> result join

-- # a table twice
select p.name, c.name as child from person p join person c on c.parent = p.id

-- person.name -> result.name
-- person.name -> result.child
-- person.parent ~> result join
-- person.id ~> result join

-- # LATERAL sees its neighbours
select l.m from a, lateral (select max(b.y) as m from b where b.id = a.id) l

-- b.y -> result.m aggregation
-- b.id ~> result filter
-- a.id ~> result filter

-- # a derived table does not
-- schema: a(id) b(y)
select s.y from a, (select y from b where id = 1) s

-- b.y -> result.y
-- ?.id ~> result filter
-- read: a
-- status: partial
-- reason: unknown-column
-- never: a.id ~> result filter
