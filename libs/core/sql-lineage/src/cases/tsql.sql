-- T-SQL: statements without semicolons, control flow, variables, temporary tables and table variables.

-- # statements that follow each other without a semicolon
declare @day date = '2026-06-30'
set nocount on
select x from a
insert into b (y) select z from c where d = @day
update e set f = g
delete from h

-- a.x -> result.x
-- c.z -> b.y
-- c.d ~> b filter
-- e.g -> e.f
-- delete: h

-- # INSERT … SELECT, WITH … INSERT, UNION and a CTE are one statement each
insert into t (a)
select x from s
union all
select y from r
;with c as (select k from m) insert into n (k) select k from c
with d (k) as (select k from m) update d set k = 1
select 1 as one

-- s.x -> t.a
-- r.y -> t.a
-- m.k -> n.k

-- # MERGE with its actions
merge into dwd.loan as t using ods.loan as s on t.id = s.id
when matched and s.del = 1 then delete
when matched then update set t.amount = s.amount
when not matched then insert (id, amount) values (s.id, s.amount);
select x from a

-- ods.loan.amount -> dwd.loan.amount
-- ods.loan.id -> dwd.loan.id
-- dwd.loan.id ~> dwd.loan join
-- ods.loan.id ~> dwd.loan join
-- ods.loan.del ~> dwd.loan filter
-- a.x -> result.x

-- # GO, and variables end with the batch
declare @v int
select @v = x from a
insert into t (p) values (@v)
GO
insert into u (p) values (@v)
go 5

-- a.x -> t.p

-- # a value that goes through a variable
declare @rate decimal(9, 6), @name nvarchar(50)
select @rate = rate, @name = ccy from dbo.rates where ccy = 'CNY'
insert into dbo.loan (rate, ccy) values (@rate, @name)

-- dbo.rates.rate -> dbo.loan.rate
-- dbo.rates.ccy ~> dbo.loan.rate filter
-- dbo.rates.ccy -> dbo.loan.ccy
-- dbo.rates.ccy ~> dbo.loan.ccy filter

-- # SET with a query
declare @last datetime
set @last = (select max(loaded_at) from etl.log where job = N'贷款')
insert into stage (id, since) select id, @last from src where changed_at > @last

-- src.id -> stage.id
-- etl.log.loaded_at -> stage.since aggregation
-- etl.log.job ~> stage.since filter
-- src.changed_at ~> stage filter
-- etl.log.loaded_at ~> stage filter
-- etl.log.job ~> stage filter

-- # a declaration with a query
declare @n int = (select count(distinct id) from a), @k int = 3
insert into t (n, k) values (@n, @k)

-- a.id -> t.n aggregation

-- # adding to what is there
declare @s varchar(max) = ''
select @s = @s + name + ',' from a
set @s += (select max(tail) from b)
insert into t (names) values (@s)

-- a.name -> t.names transformation
-- b.tail -> t.names aggregation

-- # an UPDATE that keeps the value too
declare @v int
update t set @v = n = n + 1 where k = 1

-- t.n -> t.n transformation
-- t.k ~> t filter

-- # IF and ELSE
declare @v int
if exists (select 1 from flag where on_ = 1)
  select @v = x from a
else
begin
  select @v = y from b
end
insert into t (v) values (@v)

-- a.x -> t.v
-- b.y -> t.v
-- read: flag

-- # ELSE IF, and statements without blocks
if @mode = 1 insert into t1 (a) select x from s
else if @mode = 2 insert into t2 (a) select y from s
else insert into t3 (a) select z from s
select w from v

-- s.x -> t1.a
-- s.y -> t2.a
-- s.z -> t3.a
-- v.w -> result.w

-- # WHILE over a cursor
declare @id int, @bal money
declare c cursor local fast_forward for select id, balance from account where open_ = 1
open c
fetch next from c into @id, @bal
while @@fetch_status = 0
begin
  insert into eod (id, bal) values (@id, @bal)
  fetch next from c into @id, @bal
end
close c
deallocate c

-- account.id -> eod.id
-- account.balance -> eod.bal
-- account.open_ ~> eod filter

-- # TRY and CATCH
begin try
  begin tran
  insert into b (y) select x from a
  commit tran
end try
begin catch
  if @@trancount > 0 rollback tran
  insert into err (msg) values (error_message())
  ;throw
end catch

-- a.x -> b.y

-- # a temporary table
select id, amount into #due from ods.due where day = getdate()
insert into dwd.due (id, amount) select id, amount from #due
drop table #due

-- ods.due.id -> #due#.id
-- ods.due.amount -> #due#.amount
-- ods.due.day ~> #due# filter
-- #due#.id -> dwd.due.id
-- #due#.amount -> dwd.due.amount
-- drop: #due#

-- # a table variable
declare @ids table (id int primary key, amount money, check (amount > 0))
insert into @ids select id, amount from ods.loan
insert into dwd.loan (id, amount) select i.id, i.amount from @ids i

-- ods.loan.id -> @ids#.id
-- ods.loan.amount -> @ids#.amount
-- @ids#.id -> dwd.loan.id
-- @ids#.amount -> dwd.loan.amount

-- # a procedure
create or alter procedure dbo.load_loan @day date, @limit money = 0 output with recompile as
begin
  set nocount on
  declare @n int
  select @n = count(*) from dbo.calendar where d = @day
  insert into dbo.loan (id, amount) select id, amount from ods.loan where day = @day and amount > @limit
  return @n
end
GO
exec dbo.load_loan @day = '2026-06-30'

-- ods.loan.id -> dbo.loan.id
-- ods.loan.amount -> dbo.loan.amount
-- ods.loan.day ~> dbo.loan filter
-- ods.loan.amount ~> dbo.loan filter
-- read: dbo.calendar

-- # a procedure without BEGIN
create proc p as
insert into b (y) select x from a
select y from b
GO
select z from c

-- a.x -> b.y
-- b.y -> result.y
-- c.z -> result.z

-- # a function that is one query
create function dbo.f (@k int) returns table as return (select a.x, b.y from a join b on a.id = b.id where b.k = @k)

-- a.x -> result.x
-- b.y -> result.y
-- a.id ~> result join
-- b.id ~> result join
-- b.k ~> result filter

-- # a function that fills a table
create function dbo.f () returns @r table (x int, y int) as
begin
  insert into @r (x, y) select a, b from src
  return
end

-- src.a -> @r#.x
-- src.b -> @r#.y

-- # a scalar function
create function dbo.rate_of (@ccy char(3)) returns decimal(9, 6) with schemabinding as
begin
  declare @r decimal(9, 6)
  select @r = rate from dbo.rates where ccy = @ccy
  return @r
end

-- read: dbo.rates

-- # a trigger
create trigger dbo.trg_loan on dbo.loan after insert, update as
begin
  if update(amount)
    insert into dbo.audit (loan_id, old_amount, new_amount)
    select i.id, d.amount, i.amount from inserted i left join deleted d on d.id = i.id
end

-- dbo.loan.id -> dbo.audit.loan_id
-- dbo.loan.amount -> dbo.audit.old_amount
-- dbo.loan.amount -> dbo.audit.new_amount
-- dbo.loan.id ~> dbo.audit join

-- # a trigger with the pseudo-tables under their own names
create trigger t1 on loan for delete as
insert into gone (id) select deleted.id from deleted

-- loan.id -> gone.id

-- # literal dynamic SQL
exec ('insert into b (y) select x from a')
execute sp_executesql N'insert into d (z) select w from c where k = @k', N'@k int', @k = 5

-- a.x -> b.y
-- c.w -> d.z
-- c.k ~> d filter

-- # dynamic SQL in a variable
declare @sql nvarchar(max)
set @sql = N'insert into b (y) '
set @sql = @sql + N'select x from a where name = N''张三'''
exec sp_executesql @sql

-- a.x -> b.y
-- a.name ~> b filter

-- # dynamic SQL with a value from a table
declare @v int
select @v = max(x) from a
exec sp_executesql N'insert into b (y) values (@p)', N'@p int', @p = @v

-- a.x -> b.y aggregation

-- # dynamic SQL that nobody can know
create procedure p @table sysname as
begin
  declare @sql nvarchar(max) = 'delete from ' + @table
  exec (@sql)
  insert into b (y) select x from a
end

-- a.x -> b.y
-- status: partial
-- reason: dynamic-sql
-- status: opaque

-- # INSERT … EXEC
insert into stage (id, name) exec dbo.get_rows 3
select x from a

-- a.x -> result.x
-- status: opaque
-- reason: runs-code

-- # a call of what is elsewhere, with a result
declare @r int, @out int
exec @r = other.dbo.p @a = 1, @b = @out output
exec sp_help 'dbo.loan'

-- status: opaque
-- reason: runs-code

-- # labels, GOTO, PRINT, RAISERROR, WAITFOR
again:
print 'x' + convert(varchar, getdate())
insert into b (y) select x from a
if @@error <> 0 goto again
raiserror('select %s', 16, 1, 'x')
waitfor delay '00:00:05'
return

-- a.x -> b.y

-- # CASE, OFFSET FETCH, FOR UPDATE and hints do not end a statement
select case when a = 1 then b else c end as d from t with (nolock) order by a offset 10 rows fetch next 5 rows only
select e from f option (merge join, recompile)

-- t.b -> result.d transformation
-- t.c -> result.d transformation
-- t.a -> result.d transformation
-- t.a ~> result.d conditional
-- t.a ~> result sort
-- f.e -> result.e

-- # DDL one after another
create table t (id int, v int)
alter table t add w int
alter table t drop column v
create index ix on t (id) include (w) with (fillfactor = 80)
drop table if exists u
truncate table t
insert into t (id) select x from a

-- a.x -> t.id
-- create: t
-- alter: t
-- drop: u
-- delete: t

-- # a view is alone in its batch
create view dbo.v as
with c as (select x from dbo.a)
select x from c
GO
select x from dbo.v

-- dbo.a.x -> dbo.v.x
-- dbo.v.x -> result.x

-- # USE, GRANT and permissions with the words of statements
use dw
grant select, insert, update on t to reader
deny delete on t to reader
insert into t (a) select b from c

-- dw.c.b -> dw.t.a

-- # a block with nothing around it
begin
  select x from a
end

-- a.x -> result.x

-- # ELSE after a semicolon
if 1 = 1
  insert into b (y) select x from a;
else
  insert into b (y) select z from c;

-- a.x -> b.y
-- c.z -> b.y

-- # IF NOT EXISTS before CREATE
if object_id('dbo.t') is null
create table dbo.t (id int)
if not exists (select * from sys.columns where name = 'k')
alter table dbo.t add k int

-- create: dbo.t
-- read: sys.columns
-- reason: unknown-columns
-- alter: dbo.t
