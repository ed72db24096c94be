-- PL/SQL: blocks, procedures, packages, triggers, and what flows through their variables.

-- # a value that goes through a variable
declare
  v_rate number;
begin
  select rate into v_rate from ods_rate where ccy = 'CNY';
  insert into dwd_loan (rate) values (v_rate);
end;
/

-- ODS_RATE.RATE -> DWD_LOAN.RATE
-- ODS_RATE.CCY ~> DWD_LOAN.RATE filter

-- # several values at once
begin
  select x, y into v_x, v_y from a;
  insert into b (p) values (v_x);
end;

-- A.X -> B.P

-- # two variables of one query
declare
  v_name varchar2(50);
  v_sum number;
begin
  select name, sum(amount) into v_name, v_sum from loan group by name;
  insert into report (客户, 余额) values (v_name, v_sum);
end;

-- LOAN.NAME -> REPORT.客户
-- LOAN.NAME ~> REPORT.客户 group_by
-- LOAN.AMOUNT -> REPORT.余额 aggregation
-- LOAN.NAME ~> REPORT.余额 group_by
-- never: LOAN.AMOUNT -> REPORT.客户 aggregation

-- # an assignment on the way
declare
  v_a number; v_b number;
begin
  select amount into v_a from loan;
  v_b := v_a * 1.17;
  v_a := 0;
  insert into tax (gross, net) values (v_b, v_a);
end;

-- LOAN.AMOUNT -> TAX.GROSS transformation
-- never: LOAN.AMOUNT -> TAX.NET

-- # a variable is no table
declare
  v_day date := trunc(sysdate);
begin
  insert into snap (loan_id) select loan_id from loan where day = v_day;
end;

-- LOAN.LOAN_ID -> SNAP.LOAN_ID
-- LOAN.DAY ~> SNAP filter

-- # a column that the schema knows wins over a variable
-- schema: LOAN(ID, RATE)
declare
  rate number;
begin
  select max(x) into rate from other;
  insert into b (p) select rate from loan;
end;

-- LOAN.RATE -> B.P
-- read: OTHER
-- never: OTHER.X -> B.P aggregation

-- # where the schema is not known, the variable that is declared is taken
declare
  v_rate number;
begin
  select max(x) into v_rate from other;
  insert into b (p) select l.amount * v_rate from loan l;
end;

-- LOAN.AMOUNT -> B.P transformation
-- OTHER.X -> B.P aggregation

-- # a cursor loop over a query
begin
  for r in (select id, upper(name) as nm from ods.customer where status = 'A') loop
    insert into dwd.customer (id, name) values (r.id, r.nm);
  end loop;
end;

-- ODS.CUSTOMER.ID -> DWD.CUSTOMER.ID
-- ODS.CUSTOMER.NAME -> DWD.CUSTOMER.NAME transformation
-- ODS.CUSTOMER.STATUS ~> DWD.CUSTOMER filter

-- # a cursor loop over a declared cursor with a parameter
create or replace procedure load_due (p_day in date) is
  cursor c_due (p_from date) is select loan_id, amount from ods.due where due_date >= p_from;
begin
  for r in c_due(p_day) loop
    update dwd.loan set due = r.amount where id = r.loan_id;
  end loop;
end load_due;
/

-- ODS.DUE.AMOUNT -> DWD.LOAN.DUE
-- DWD.LOAN.ID ~> DWD.LOAN filter
-- ODS.DUE.LOAN_ID ~> DWD.LOAN filter
-- ODS.DUE.DUE_DATE ~> DWD.LOAN filter

-- # OPEN, FETCH and CLOSE
declare
  cursor c is select id, balance from account;
  v_id number;
  v_bal number;
begin
  open c;
  loop
    fetch c into v_id, v_bal;
    exit when c%notfound;
    insert into eod_balance (id, bal) values (v_id, v_bal);
  end loop;
  close c;
end;

-- ACCOUNT.ID -> EOD_BALANCE.ID
-- ACCOUNT.BALANCE -> EOD_BALANCE.BAL

-- # FETCH into a record
declare
  cursor c is select id, balance from account;
  r c%rowtype;
begin
  open c;
  fetch c into r;
  insert into t (a, b) values (r.id, r.balance + 1);
  close c;
end;

-- ACCOUNT.ID -> T.A
-- ACCOUNT.BALANCE -> T.B transformation

-- # OPEN FOR a query
declare
  c sys_refcursor;
  v number;
begin
  open c for select amount from loan where branch = '上海';
  fetch c into v;
  insert into big_loan (amount) values (v);
end;

-- LOAN.AMOUNT -> BIG_LOAN.AMOUNT
-- LOAN.BRANCH ~> BIG_LOAN filter

-- # a cursor that nothing opens is read all the same
declare
  cursor c is select x from a;
begin
  null;
end;

-- read: A

-- # a whole record as a row
-- schema: LOAN(ID, AMOUNT) ARCHIVE(ID, AMOUNT)
declare
  r loan%rowtype;
begin
  select * into r from loan where id = 7;
  insert into archive values r;
end;

-- LOAN.ID -> ARCHIVE.ID
-- LOAN.ID ~> ARCHIVE.ID filter
-- LOAN.AMOUNT -> ARCHIVE.AMOUNT
-- LOAN.ID ~> ARCHIVE.AMOUNT filter

-- # fields of a record
declare
  r t_row;
begin
  r.code := 'X';
  select name into r.name from customer;
  insert into t (a, b) values (r.code, r.name);
end;

-- CUSTOMER.NAME -> T.B

-- # BULK COLLECT and FORALL
declare
  type t_ids is table of number;
  l_ids t_ids;
begin
  select id bulk collect into l_ids from stage where ok = 1;
  forall i in 1 .. l_ids.count
    insert into target (id) values (l_ids(i));
end;

-- STAGE.ID -> TARGET.ID
-- STAGE.OK ~> TARGET.ID filter

-- # FETCH BULK COLLECT with a limit, and fields of a collection
declare
  cursor c is select id, amount from stage;
  type t_rows is table of c%rowtype;
  l_rows t_rows;
begin
  open c;
  loop
    fetch c bulk collect into l_rows limit 500;
    exit when l_rows.count = 0;
    forall i in 1 .. l_rows.count save exceptions
      insert into target (id, amount) values (l_rows(i).id, l_rows(i).amount);
    commit;
  end loop;
end;

-- STAGE.ID -> TARGET.ID
-- STAGE.AMOUNT -> TARGET.AMOUNT

-- # RETURNING INTO
declare
  v_id number;
begin
  insert into loan (amount) select amount from application returning id into v_id;
  insert into audit_log (loan_id) values (v_id);
end;

-- APPLICATION.AMOUNT -> LOAN.AMOUNT
-- LOAN.ID -> AUDIT_LOG.LOAN_ID

-- # a branch that may not be taken
declare
  v number;
begin
  select x into v from a;
  if sysdate > date '2026-01-01' then
    select y into v from b;
  end if;
  insert into c (p) values (v);
end;

-- B.Y -> C.P
-- A.X -> C.P

-- # one of two branches is taken
declare
  v number;
begin
  select x into v from a;
  if 1 = 2 then
    select y into v from b;
  elsif 1 = 3 then
    v := 0;
  else
    select z into v from d;
  end if;
  insert into c (p) values (v);
end;

-- B.Y -> C.P
-- D.Z -> C.P
-- read: A
-- never: A.X -> C.P

-- # a value from an earlier turn of a loop
declare
  v_prev number;
  v_now number;
begin
  for i in 1 .. 12 loop
    insert into growth (before) values (v_prev);
    select amount into v_now from month_total where month = i;
    v_prev := v_now;
  end loop;
end;

-- MONTH_TOTAL.AMOUNT -> GROWTH.BEFORE
-- MONTH_TOTAL.MONTH ~> GROWTH.BEFORE filter

-- # what a handler does
declare
  v number;
begin
  select x into v from a;
  v := 0;
exception
  when no_data_found then
    insert into err (v) values (v);
  when others then
    raise;
end;

-- A.X -> ERR.V

-- # a condition that reads a table
begin
  if exists_in(3) and (select count(*) from holiday where day = sysdate) = 0 then
    delete from stage;
  end if;
end;

-- read: HOLIDAY
-- delete: STAGE

-- # a procedure, and a call of it
create procedure fill_stage is
begin
  insert into stage (id) select id from raw_file;
end;
/
begin
  fill_stage;
end;
/
exec fill_stage

-- RAW_FILE.ID -> STAGE.ID

-- # a call of what is elsewhere
begin
  other_pkg.run_all(sysdate);
  insert into t (a) select b from c;
end;

-- C.B -> T.A
-- status: opaque
-- reason: runs-code

-- # packages of the database that move nothing
begin
  dbms_output.put_line('开始');
  dbms_stats.gather_table_stats('DW', 'T');
  raise_application_error(-20001, 'x');
end;

-- nothing

-- # a package body with many procedures
create or replace package body etl_loan as
  g_rate number;
  procedure read_rate is
  begin
    select rate into g_rate from rate_table where ccy = 'USD';
  end;
  procedure write_loan (p_day date) is
  begin
    insert into loan_usd (amount) select l.amount * g_rate from loan l where l.day = write_loan.p_day;
  end write_loan;
  function is_open return boolean is
    v_n number;
  begin
    select count(*) into v_n from calendar;
    return v_n > 0;
  end is_open;
begin
  g_rate := 1;
end etl_loan;
/

-- LOAN.AMOUNT -> LOAN_USD.AMOUNT transformation
-- RATE_TABLE.RATE -> LOAN_USD.AMOUNT transformation
-- RATE_TABLE.CCY ~> LOAN_USD.AMOUNT filter
-- LOAN.DAY ~> LOAN_USD filter
-- read: CALENDAR

-- # a package's specification
create or replace package etl_loan is
  c_max constant number := 10;
  procedure read_rate;
  function is_open(p_day date) return boolean;
end;
/

-- nothing

-- # a parameter gives no edge
create procedure p (p_code varchar2, p_amount number default 0) as
begin
  insert into t (code, amount) values (p_code, p_amount);
end;

-- nothing

-- # blocks in blocks, each with its own variable of the same name
declare
  v number;
begin
  select x into v from a;
  declare
    v number;
  begin
    select y into v from b;
    insert into t (inside) values (v);
  end;
  insert into t (outside) values (v);
end;

-- B.Y -> T.INSIDE
-- A.X -> T.OUTSIDE
-- never: B.Y -> T.OUTSIDE

-- # a variable that is named with its block
<<main>>
declare
  id number;
begin
  select max(k) into id from keys;
  insert into t (a) select main.id + s.x from s;
end main;

-- KEYS.K -> T.A aggregation
-- S.X -> T.A transformation

-- # a trigger's rows
create or replace trigger trg_loan after insert or update of amount on dwd.loan
for each row when (new.amount > 0)
declare
  v_user varchar2(30) := user;
begin
  insert into audit_loan (loan_id, old_amount, new_amount, who) values (:new.id, :old.amount, :new.amount, v_user);
end;
/

-- DWD.LOAN.ID -> AUDIT_LOAN.LOAN_ID
-- DWD.LOAN.AMOUNT -> AUDIT_LOAN.OLD_AMOUNT
-- DWD.LOAN.AMOUNT -> AUDIT_LOAN.NEW_AMOUNT

-- # a trigger that fills its own row
create trigger trg_fill before insert on loan for each row
begin
  select rate into :new.rate from rate_table r where r.ccy = :new.ccy;
  :new.total := :new.amount * :new.rate;
end;

-- RATE_TABLE.RATE -> LOAN.RATE
-- RATE_TABLE.CCY ~> LOAN.RATE filter
-- LOAN.CCY ~> LOAN.RATE filter
-- LOAN.AMOUNT -> LOAN.TOTAL transformation
-- RATE_TABLE.RATE -> LOAN.TOTAL transformation
-- RATE_TABLE.CCY ~> LOAN.TOTAL filter
-- LOAN.CCY ~> LOAN.TOTAL filter

-- # a compound trigger
create trigger trg_c for insert on loan compound trigger
  g_count number := 0;
  before each row is
  begin
    insert into t (a) values (:new.amount);
  end before each row;
  after statement is
  begin
    insert into t (b) select max(x) from s;
  end after statement;
end trg_c;
/

-- LOAN.AMOUNT -> T.A
-- S.X -> T.B aggregation

-- # literal dynamic SQL
begin
  execute immediate 'insert into b (y) select x from a';
end;

-- A.X -> B.Y

-- # dynamic SQL with values
declare
  v number;
begin
  select max(x) into v from a;
  execute immediate 'insert into b (y, z) values (:1, :2)' using v, 'k';
end;

-- A.X -> B.Y aggregation

-- # dynamic SQL put together of constants
declare
  c_table constant varchar2(30) := 'dwd_loan';
  l_sql varchar2(400);
begin
  l_sql := 'insert into ' || c_table;
  l_sql := l_sql || q'[ (a) select b from ods_loan where kind = 'K']';
  execute immediate l_sql;
end;

-- ODS_LOAN.B -> DWD_LOAN.A
-- ODS_LOAN.KIND ~> DWD_LOAN filter

-- # dynamic SQL whose table is a parameter
create procedure p (p_table varchar2) is
begin
  execute immediate 'truncate table ' || p_table;
  insert into t (a) select b from c;
end;

-- C.B -> T.A
-- status: partial
-- reason: dynamic-sql
-- status: opaque

-- # dynamic SQL that one of two branches puts together
declare
  l_sql varchar2(100) := 'delete from a';
begin
  if 1 = 2 then l_sql := 'delete from b'; end if;
  execute immediate l_sql;
end;

-- status: partial
-- reason: dynamic-sql
-- status: opaque

-- # a dynamic query into a variable
declare
  v number;
begin
  execute immediate 'select max(x) from a' into v;
  insert into b (y) values (v);
end;

-- A.X -> B.Y aggregation

-- # a dynamic block
begin
  execute immediate 'begin insert into b (y) select x from a; end;';
end;

-- A.X -> B.Y

-- # an UPDATE of the cursor's row
declare
  cursor c is select id from loan for update;
begin
  for r in c loop
    update loan set checked_by = r.id where current of c;
  end loop;
end;

-- LOAN.ID -> LOAN.CHECKED_BY

-- # a nested procedure in a procedure
create procedure outer_p is
  v number;
  procedure inner_p is
  begin
    insert into t (a) values (v);
  end;
begin
  select x into v from s;
  inner_p;
end;

-- S.X -> T.A

-- # a CASE statement and loops with names
begin
  <<months>>
  for m in 1 .. 12 loop
    case m
      when 1 then insert into q1 (a) select x from s;
      else insert into q2 (a) select y from s;
    end case;
    exit months when m > 3;
  end loop months;
end;

-- S.X -> Q1.A
-- S.Y -> Q2.A

-- # code in Java
create function f return number as language java name 'a.b() return int';

-- status: opaque
-- reason: runs-code

-- # SQL*Plus around it
set serveroutput on
prompt 开始 loading; select
whenever sqlerror exit failure
insert into b (y) select x from a;
/
spool off

-- A.X -> B.Y

-- # a statement whose end is a slash
insert into b (y)
select x from a
/
select y from b
/

-- A.X -> B.Y
-- B.Y -> result.Y

-- # statements of a procedure that the parser refuses do not hide the others
begin
  insert into b (y) select x from a;
  select from where;
  insert into d (z) select w from c;
end;

-- A.X -> B.Y
-- C.W -> D.Z
-- status: failed
-- reason: not-parsed

-- # what no one closed
begin
  insert into b (y) select x from a;

-- A.X -> B.Y
-- status: partial
-- reason: unknown-code
