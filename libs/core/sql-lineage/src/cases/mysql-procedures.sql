-- MySQL and MariaDB: procedures, functions, triggers, events, variables of the session.

-- # a procedure between delimiters
DELIMITER //
create procedure load_loan(in p_day date, out p_n int)
  modifies sql data
  comment 'begin; end'
begin
  declare v_rate decimal(9, 6) default 1;
  select rate into v_rate from ods_rate where day = p_day limit 1;
  insert into dwd_loan (id, amount) select id, amount * v_rate from ods_loan where day = p_day;
  set p_n = row_count();
end//
DELIMITER ;
call load_loan('2026-06-30', @n);
select x from a;

-- ods_loan.id -> dwd_loan.id
-- ods_loan.amount -> dwd_loan.amount transformation
-- ods_rate.rate -> dwd_loan.amount transformation
-- ods_rate.day ~> dwd_loan.amount filter
-- ods_loan.day ~> dwd_loan filter
-- a.x -> result.x

-- # a delimiter of dollars right behind a word
delimiter $$
create procedure p() begin insert into b (y) select x from a; end$$
delimiter ;
select z from c

-- a.x -> b.y
-- c.z -> result.z

-- # a procedure without another delimiter
create procedure p()
begin
  insert into b (y) select x from a;
  if 1 = 1 then insert into d (z) select w from c; end if;
end;
select q from r

-- a.x -> b.y
-- c.w -> d.z
-- r.q -> result.q

-- # a cursor with a handler
create procedure p()
begin
  declare done int default false;
  declare v_id bigint;
  declare v_bal decimal(18, 2);
  declare c cursor for select id, balance from account;
  declare continue handler for not found set done = true;
  open c;
  read_loop: loop
    fetch c into v_id, v_bal;
    if done then leave read_loop; end if;
    insert into eod (id, bal) values (v_id, v_bal);
  end loop;
  close c;
end

-- account.id -> eod.id
-- account.balance -> eod.bal

-- # handlers with a block
create procedure p()
begin
  declare exit handler for sqlexception, 1062, sqlstate '23000'
  begin
    rollback;
    insert into err (job) select job from running;
  end;
  start transaction;
  insert into b (y) select x from a;
  commit;
end

-- running.job -> err.job
-- a.x -> b.y

-- # WHILE and REPEAT, with labels
create procedure p()
outer_: begin
  declare i int default 0;
  while i < 3 do
    insert into t1 (a) select x from s;
    set i = i + 1;
  end while;
  again: repeat
    insert into t2 (a) select y from s;
    iterate again;
  until i > 5 end repeat again;
  case i when 1 then insert into t3 (a) select z from s; else begin end; end case;
end outer_

-- s.x -> t1.a
-- s.y -> t2.a
-- s.z -> t3.a

-- # variables of the session
set @day = '2026-06-30', @last := (select max(loaded_at) from etl_log);
insert into stage (id, since) select id, @last from src where changed_at > @last;

-- src.id -> stage.id
-- etl_log.loaded_at -> stage.since aggregation
-- src.changed_at ~> stage filter
-- etl_log.loaded_at ~> stage filter

-- # SELECT … INTO variables
select max(x), min(y) into @hi, @lo from a;
insert into t (hi, lo) values (@hi, @lo)

-- a.x -> t.hi aggregation
-- a.y -> t.lo aggregation

-- # a variable that is set in a SELECT
select @n := amount, id from loan;
insert into t (n) values (@n)

-- loan.amount -> result.amount
-- loan.id -> result.id
-- loan.amount -> t.n

-- # a variable hides a column of the same name
-- schema: loan(id, rate)
create procedure p()
begin
  declare rate decimal(9, 6);
  select max(x) into rate from other;
  insert into b (p) select rate from loan;
end

-- other.x -> b.p aggregation
-- read: loan
-- never: loan.rate -> b.p

-- # a trigger of one statement
create trigger t_audit after update on loan for each row
insert into audit (loan_id, old_amount, new_amount) values (new.id, old.amount, new.amount);
select x from a

-- loan.id -> audit.loan_id
-- loan.amount -> audit.old_amount
-- loan.amount -> audit.new_amount
-- a.x -> result.x

-- # a trigger that fills its own row
create definer = `etl`@`%` trigger t_fill before insert on loan for each row
begin
  set new.total = new.amount * (select rate from rates limit 1), new.day = curdate();
end

-- loan.amount -> loan.total transformation
-- rates.rate -> loan.total transformation

-- # an event
create event e_daily on schedule every 1 day starts current_timestamp do
begin
  insert into totals (n) select amount from loan;
  delete from sessions;
end

-- loan.amount -> totals.n
-- delete: sessions

-- # an event of one statement
create event if not exists e on schedule every 1 hour do insert into totals (n) select amount from loan

-- loan.amount -> totals.n

-- # a function
create function rate_of(p_ccy char(3)) returns decimal(9, 6) deterministic reads sql data
begin
  declare r decimal(9, 6);
  select rate into r from rates where ccy = p_ccy;
  return r;
end

-- read: rates

-- # a function that is one expression
create function f(a int) returns int deterministic return (select max(x) from t where k = a)

-- read: t

-- # PREPARE of a literal
prepare s from 'insert into b (y) select x from a';
execute s;
deallocate prepare s

-- a.x -> b.y

-- # PREPARE of a variable, with values
set @v = (select max(x) from a);
set @sql = concat('insert into b (y, z) ', 'values (?, ?)');
prepare s from @sql;
execute s using @v, @k

-- a.x -> b.y aggregation

-- # PREPARE of what nobody can know
create procedure p(in t varchar(64))
begin
  set @sql = concat('truncate table ', t);
  prepare s from @sql;
  execute s;
  insert into b (y) select x from a;
end

-- a.x -> b.y
-- status: partial
-- reason: dynamic-sql
-- status: opaque

-- # comments that are read
/*!50001 create view v as select x from a */;
/*!40101 set names utf8 */;
insert into b (y) select /*! straight_join */ x from a

-- a.x -> v.x
-- a.x -> b.y

-- # a minus is no comment
select a--1 as b from t; select 1 -- ; no
, c from u

-- ?.a -> result.a
-- u.c -> result.c
-- reason: unbound-name

-- # a transaction is no block
begin;
insert into b (y) select x from a;
commit

-- a.x -> b.y

-- # SOURCE
source other.sql
select x from a

-- a.x -> result.x
-- status: opaque
-- reason: runs-code

-- # the standard's code, in BigQuery
-- dialect: bigquery
create or replace procedure dw.load_loan(p_day date)
begin
  declare v_rate numeric default 1;
  set v_rate = (select max(rate) from rates where day = p_day);
  insert into dw.loan (id, amount) select id, amount * v_rate from ods.loan where day = p_day;
  if v_rate > 1 then
    execute immediate 'delete from dw.due where true';
  end if;
end;
select x from a

-- ods.loan.id -> dw.loan.id
-- ods.loan.amount -> dw.loan.amount transformation
-- rates.rate -> dw.loan.amount aggregation
-- rates.day ~> dw.loan.amount filter
-- ods.loan.day ~> dw.loan filter
-- delete: dw.due
-- a.x -> result.x

-- # variables of a BigQuery script
-- dialect: bigquery
declare v_last timestamp;
set v_last = (select max(loaded_at) from log);
begin transaction;
for r in (select id, amount from ods.loan) do
  insert into dw.loan (id, amount, since) values (r.id, r.amount, v_last);
end for;
commit transaction

-- ods.loan.id -> dw.loan.id
-- ods.loan.amount -> dw.loan.amount
-- log.loaded_at -> dw.loan.since aggregation
