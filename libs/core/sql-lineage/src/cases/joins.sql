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

-- # USING makes one column: whichever is there, and in an inner join both are
-- schema: a(id, x) b(id, y)
select * from a join b using (id)

-- a.id -> result.id
-- b.id -> result.id
-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join

-- # USING in a right join: the left side may be absent
-- schema: a(id, x) b(id, y)
select id from a right join b using (id)

-- b.id -> result.id
-- a.id -> result.id transformation
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
-- b.id -> result.id
-- c.id -> result.id transformation
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
-- b.id -> result.id
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
-- b.id ~> result filter
-- read: a
-- status: partial
-- reason: unknown-column
-- never: a.id ~> result filter

-- # Spark's USING gives the left column, and in a right join the right one
-- dialect: spark
select id, x from a left join b using (id) left anti join c using (id)

-- a.id -> result.id
-- (a | b).x -> result.x
-- a.id ~> result join
-- b.id ~> result join
-- c.id ~> result join
-- reason: ambiguous-column
-- never: c.id -> result.id

-- # a semi join gives no columns of its right side
-- dialect: spark
-- schema: a(id, x) b(id, y)
select * from a left semi join b on a.id = b.id and b.y > 1

-- a.id -> result.id
-- a.x -> result.x
-- a.id ~> result join
-- b.id ~> result join
-- b.y ~> result join

-- # Oracle's joins by a plus sign, and a hierarchy
-- dialect: oracle
select level, e.name, connect_by_root e.name as top, prior e.id as boss, d.dept from emp e, dept d where e.dept_id = d.id(+) start with e.boss_id is null connect by nocycle prior e.id = e.boss_id

-- EMP.NAME -> result.NAME
-- EMP.NAME -> result.TOP transformation
-- EMP.ID -> result.BOSS transformation
-- DEPT.DEPT -> result.DEPT
-- EMP.DEPT_ID ~> result filter
-- DEPT.ID ~> result filter
-- EMP.BOSS_ID ~> result filter
-- EMP.ID ~> result join
-- EMP.BOSS_ID ~> result join
