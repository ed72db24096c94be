-- Statements of T-SQL.

-- # BULK INSERT
bulk insert dw.客户 from 'D:\in\cust.csv' with (fieldterminator = ',')

-- read: D:\in\cust.csv

-- # signs with a gap
insert into dw.t (a) select x from dw.s where y > = 1 and z < > 2

-- dw.s.x -> dw.t.a
-- dw.s.y ~> dw.t filter
-- dw.s.z ~> dw.t filter

-- # house keeping
create nonclustered index i on dw.t (a) include (b); update statistics dw.t; create login l with password = 'p'; alter database d set recovery simple; create partition function f (int) as range left for values (1); dbcc checkdb; deny select on dw.t to u; create synonym s for dw.t; checkpoint; alter authorization on schema::dw to u; create credential c with identity = 'i'

-- define: s

-- # XML that is read with OPENXML is no table
insert into dbo.客户 (id, nm, org)
select x.id, x.nm, o.org from openxml(@h, '/root/row', 2) with (id int '@id', nm nvarchar(20) 'name', k int) x
  join dim.org o on o.k = x.k

-- dim.org.org -> dbo.客户.org
-- dim.org.k ~> dbo.客户 join
