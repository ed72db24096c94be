-- PL/pgSQL: DO, functions and procedures, triggers, dynamic SQL.

-- # a block
do $$ begin insert into b (y) select x from a; end $$

-- a.x -> b.y

-- # a value that goes through a variable
do $$
declare
  v_rate numeric := 1;
begin
  select rate into strict v_rate from ods.rates where ccy = 'CNY';
  insert into dwd.loan (rate) values (v_rate);
end $$

-- ods.rates.rate -> dwd.loan.rate
-- ods.rates.ccy ~> dwd.loan.rate filter

-- # INTO before the list
do $$ declare a int; b int; begin select into a, b x, y from t; insert into u (p, q) values (a, b); end $$

-- t.x -> u.p
-- t.y -> u.q

-- # an assignment with a query
create procedure p(p_day date) language plpgsql as $body$
declare
  v_last timestamptz;
  v_max constant int = 10;
begin
  v_last := (select max(loaded_at) from etl.log where job = 'loan');
  insert into stage (id, since) select s.id, v_last from src s where s.changed > v_last and s.day = p_day;
end;
$body$

-- src.id -> stage.id
-- etl.log.loaded_at -> stage.since aggregation
-- etl.log.job ~> stage.since filter
-- src.changed ~> stage filter
-- etl.log.loaded_at ~> stage filter
-- etl.log.job ~> stage filter
-- src.day ~> stage filter

-- # loops over queries
create or replace function load() returns int language plpgsql as $$
declare r record;
begin
  for r in select id, upper(name) as nm from ods.customer where ok loop
    insert into dwd.customer (id, name) values (r.id, r.nm);
  end loop;
  return (select count(*) from dwd.customer);
end $$

-- ods.customer.id -> dwd.customer.id
-- ods.customer.name -> dwd.customer.name transformation
-- ods.customer.ok ~> dwd.customer filter
-- read: dwd.customer

-- # cursors
do $$
declare
  c cursor (k int) for select id, amount from ods.loan where kind = k;
  d refcursor;
  v_id int; v_amount numeric; v int;
begin
  open c(3);
  fetch next from c into v_id, v_amount;
  insert into t (id, amount) values (v_id, v_amount);
  close c;
  open d for select max(x) from a;
  fetch d into v;
  update u set w = v;
end $$

-- ods.loan.id -> t.id
-- ods.loan.amount -> t.amount
-- ods.loan.kind ~> t filter
-- a.x -> u.w aggregation

-- # a variable that is also a column
-- schema: loan(id, rate)
create function f() returns void language plpgsql as $$
declare rate numeric;
begin
  select max(x) into rate from other;
  insert into b (p) select rate from loan;
end $$

-- loan.rate -> b.p
-- read: other
-- reason: ambiguous-variable

-- # named with its function or its block
-- schema: loan(id, rate)
create function f(rate numeric) returns void language plpgsql as $$
<<main>>
declare k int := (select max(x) from keys);
begin
  insert into b (p, q) select f.rate, main.k + loan.id from loan;
end $$

-- keys.x -> b.q aggregation
-- loan.id -> b.q transformation

-- # RETURN QUERY, and PERFORM
create function f() returns table (a int, b text) language plpgsql as $$
begin
  perform g(x) from s where k = 1;
  return query select t.a, t.b from t;
end $$

-- t.a -> result.a
-- t.b -> result.b
-- read: s

-- # a function in SQL
create function f(p int) returns setof int language sql as $$ insert into log (n) select x from a; select y from b where k = p; $$

-- a.x -> log.n
-- b.y -> result.y
-- b.k ~> result filter

-- # BEGIN ATOMIC
create procedure f() language sql begin atomic insert into b (y) select x from a; select z from c; end

-- a.x -> b.y
-- c.z -> result.z

-- # a function in another language
create function f() returns int language plpython3u as $$ return 1 $$

-- status: opaque
-- reason: runs-code

-- # a body in quotes
create function f() returns void as 'begin insert into b (y) select x from a where k = ''v''; end' language plpgsql

-- a.x -> b.y
-- a.k ~> b filter

-- # a trigger's function, and the trigger
create function trg_audit() returns trigger language plpgsql as $$
begin
  insert into audit (loan_id, old_amount, new_amount) values (new.id, old.amount, new.amount);
  new.changed_at := now();
  new.total := new.amount * (select rate from rates limit 1);
  return new;
end $$;
create trigger t_audit after update on dwd.loan for each row execute function trg_audit()

-- dwd.loan.amount -> dwd.loan.total transformation
-- rates.rate -> dwd.loan.total transformation
-- dwd.loan.id -> audit.loan_id
-- dwd.loan.amount -> audit.old_amount
-- dwd.loan.amount -> audit.new_amount

-- # a trigger's function whose trigger is elsewhere
create function trg_audit() returns trigger language plpgsql as $$
begin
  insert into audit (loan_id) values (new.id);
  return new;
end $$

-- ?.id -> audit.loan_id

-- # a trigger whose function is elsewhere
create trigger t after update on a for each row execute function f()

-- status: opaque
-- reason: runs-code

-- # literal dynamic SQL
do $$ begin execute 'insert into b (y) select x from a'; end $$

-- a.x -> b.y

-- # dynamic SQL with format and literals
do $$
declare t text := 'dwd_loan';
begin
  execute format('insert into %I (%s) select x from a where k = %L', t, 'y', '贷款');
end $$

-- a.x -> dwd_loan.y
-- a.k ~> dwd_loan filter

-- # dynamic SQL with values, into a variable
do $$
declare v int; w int;
begin
  select max(x) into v from a;
  execute 'select y from b where k = $1' into w using v;
  execute 'insert into c (p, q) values ($1, $2)' using v, w;
end $$

-- a.x -> c.p aggregation
-- b.y -> c.q
-- b.k ~> c.q filter
-- a.x ~> c.q filter

-- # dynamic SQL that nobody can know
create function f(t text) returns void language plpgsql as $$
begin
  execute format('truncate %I', t);
  insert into b (y) select x from a;
end $$

-- a.x -> b.y
-- status: partial
-- reason: dynamic-sql
-- status: opaque

-- # IF, CASE, WHILE and handlers
do $$
declare v int;
begin
  if (select count(*) from holiday) > 0 then
    insert into t1 (a) select x from s;
  elsif false then
    insert into t2 (a) select y from s;
  else
    raise notice 'select %', 1;
  end if;
  while v < 10 loop
    v = v + 1;
    continue when v = 3;
    insert into t3 (a) values (v);
  end loop;
  foreach v in array array[1, 2] loop
    insert into t4 (a) values (v);
  end loop;
exception when unique_violation or others then
  insert into err (a) select z from e;
end $$

-- s.x -> t1.a
-- s.y -> t2.a
-- e.z -> err.a
-- read: holiday

-- # INSERT … RETURNING INTO
do $$
declare v_id bigint;
begin
  insert into loan (amount) select amount from app returning id into v_id;
  insert into log (loan_id) values (v_id);
end $$

-- app.amount -> loan.amount
-- loan.id -> log.loan_id

-- # a call of what the script has, and of what it has not
create procedure p() language plpgsql as $$ begin insert into b (y) select x from a; end $$;
call p();
call q(1)

-- a.x -> b.y
-- status: opaque
-- reason: runs-code

-- # temporary tables in code
do $$
begin
  create temp table t as select id, amount from ods.loan;
  insert into dwd.loan (id, amount) select id, amount from t;
end $$

-- ods.loan.id -> t#.id
-- ods.loan.amount -> t#.amount
-- t#.id -> dwd.loan.id
-- t#.amount -> dwd.loan.amount

-- # records
do $$
declare r ods.loan%rowtype; s record;
begin
  select * into r from ods.loan where id = 1;
  select a, b into s from t;
  insert into u (p, q) values (r.amount, s.b);
end $$

-- ods.loan.amount -> u.p
-- ods.loan.id ~> u.p filter
-- t.b -> u.q
-- reason: unknown-columns

-- # code that has no END
do $$ begin insert into b (y) select x from a; $$

-- a.x -> b.y
-- status: partial
-- reason: unknown-code
