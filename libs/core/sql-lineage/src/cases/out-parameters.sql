-- What OUT parameters give to whoever calls the routine.

-- # Oracle: a procedure of the script fills the caller's variables
-- dialect: oracle
create or replace procedure dwh.p_rate(p_ccy in varchar2, p_rate out number, p_day out nocopy date) is
begin
  select max(rate), max(dt) into p_rate, p_day from dim.fx where ccy = p_ccy;
end;
/
declare
  v_rate number;
  v_day date;
begin
  dwh.p_rate('USD', v_rate, v_day);
  insert into dwd.汇率 (rate, dt) values (v_rate, v_day);
end;
/

-- DIM.FX.RATE -> DWD.汇率.RATE aggregation
-- DIM.FX.CCY ~> DWD.汇率.RATE filter
-- DIM.FX.DT -> DWD.汇率.DT aggregation
-- DIM.FX.CCY ~> DWD.汇率.DT filter
-- never: DIM.FX.DT -> DWD.汇率.RATE aggregation

-- # Oracle: by name, in a package, called before it is written; what is given for an IN parameter stays
-- dialect: oracle
create or replace package body pk_load is
  procedure run is
    v_cnt number;
    v_key number;
  begin
    select max(k) into v_key from ods.keys;
    count_of(p_cnt => v_cnt, p_key => v_key);
    insert into log (cnt, k) values (v_cnt, v_key);
  end;
  procedure count_of(p_key in number, p_cnt out number) is
  begin
    select sum(n) into p_cnt from ods.counts where k = p_key;
  end;
end;
/

-- ODS.COUNTS.N -> LOG.CNT aggregation
-- ODS.COUNTS.K ~> LOG.CNT filter
-- ODS.KEYS.K -> LOG.K aggregation
-- never: ODS.COUNTS.N -> LOG.K aggregation

-- # Oracle: IN OUT keeps what was given
-- dialect: oracle
create procedure add_fee(p_total in out number) is
  v number;
begin
  select fee into v from fees;
  p_total := p_total + v;
end;
/
declare
  t number;
begin
  select bal into t from acct;
  add_fee(t);
  insert into rpt (total) values (t);
end;
/

-- ACCT.BAL -> RPT.TOTAL
-- FEES.FEE -> RPT.TOTAL transformation

-- # MySQL: a variable of the session
-- dialect: mysql
DELIMITER //
CREATE PROCEDURE max_bal(IN p_org INT, OUT p_max DECIMAL(18,2))
BEGIN
  SELECT MAX(bal) INTO p_max FROM acct WHERE org = p_org;
END //
DELIMITER ;
CALL max_bal(1, @m);
INSERT INTO rpt (bal) VALUES (@m);

-- acct.bal -> rpt.bal aggregation
-- acct.org ~> rpt.bal filter

-- # T-SQL: OUTPUT on both sides
-- dialect: tsql
create procedure dbo.p_max @org int, @m decimal(18, 2) output as
select @m = max(bal) from dbo.acct where org = @org
go
declare @x decimal(18, 2), @y decimal(18, 2)
exec dbo.p_max @m = @x output, @org = 1
exec dbo.p_max 1, @y
insert into dbo.rpt (bal, nothing) values (@x, @y)

-- dbo.acct.bal -> dbo.rpt.bal aggregation
-- dbo.acct.org ~> dbo.rpt.bal filter
-- never: dbo.acct.bal -> dbo.rpt.nothing aggregation

-- # PL/pgSQL: CALL in a block, and a function of OUT parameters
create procedure util.p(in k int, inout x numeric, out d date) language plpgsql as $$
begin select a.x, a.d into x, d from ods.a where a.k = k; end $$;
create function util.f(out hi int, out lo int) language plpgsql as $$
begin select max(v), min(v) into hi, lo from ods.v; end $$;
do $$
declare v_x numeric; v_d date; r record;
begin
  call util.p(1, v_x, v_d);
  insert into b (x, d) values (v_x, v_d);
end $$;
insert into c (高, 低) select f.hi, f.lo from util.f() f;

-- ods.a.x -> b.x
-- ods.a.k ~> b.x filter
-- ods.a.d -> b.d
-- ods.a.k ~> b.d filter
-- ods.v.v -> c.高 aggregation
-- ods.v.v -> c.低 aggregation
