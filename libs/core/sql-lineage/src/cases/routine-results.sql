-- What functions of the script give back, and the fields of records.

-- # a function that reads a table
-- dialect: oracle
create or replace function dwh.get_rate(p_ccy varchar2) return number is
  v number;
begin
  select max(rate) into v from dim.fx where ccy = p_ccy;
  if v is null then return 1; end if;
  return v;
end;
/
insert into dwd.loan (loan_id, 余额) select loan_id, bal * dwh.get_rate(ccy) from ods.loan;

-- ODS.LOAN.LOAN_ID -> DWD.LOAN.LOAN_ID
-- ODS.LOAN.BAL -> DWD.LOAN.余额 transformation
-- ODS.LOAN.CCY -> DWD.LOAN.余额 transformation
-- DIM.FX.RATE -> DWD.LOAN.余额 aggregation
-- DIM.FX.CCY ~> DWD.LOAN.余额 filter

-- # a function that stands further down in the package; a namesake in another package
-- dialect: oracle
create or replace package body pk_risk is
  procedure run is
  begin
    insert into risk (grade) select grade_of(score) from scores;
    insert into risk2 (grade) select pk_other.grade_of(score) from scores2;
  end;
  function grade_of(p number) return varchar2 is
  begin
    for r in (select grade from dim_grade where lo <= p) loop return r.grade; end loop;
    return null;
  end;
end;

-- SCORES.SCORE -> RISK.GRADE transformation
-- DIM_GRADE.GRADE -> RISK.GRADE transformation
-- DIM_GRADE.LO ~> RISK.GRADE filter
-- SCORES2.SCORE -> RISK2.GRADE transformation
-- never: DIM_GRADE.GRADE -> RISK2.GRADE transformation

-- # scalar functions of T-SQL
-- dialect: tsql
create function dbo.fn_bal(@id int) returns decimal(18, 2) as
begin
  declare @b decimal(18, 2);
  select @b = sum(bal) from dbo.acct where cust_id = @id;
  return @b;
end
go
insert into dbo.rpt (id, bal) select id, dbo.fn_bal(id) from dbo.cust;

-- dbo.cust.id -> dbo.rpt.id
-- dbo.cust.id -> dbo.rpt.bal transformation
-- dbo.acct.bal -> dbo.rpt.bal aggregation
-- dbo.acct.cust_id ~> dbo.rpt.bal filter

-- # functions of PostgreSQL in SQL and in PL/pgSQL
create function util.rate(c text) returns numeric language plpgsql as $$
declare v numeric; begin select rate into v from dim.fx where ccy = c; return v; end $$;
create function util.cap(c text) returns numeric language sql as $$ select max(cap) from dim.caps where ccy = c $$;
insert into b (x, y) select util.rate(ccy), util.cap(ccy) from a;

-- a.ccy -> b.x transformation
-- dim.fx.rate -> b.x transformation
-- dim.fx.ccy ~> b.x filter
-- a.ccy -> b.y transformation
-- dim.caps.cap -> b.y aggregation
-- dim.caps.ccy ~> b.y filter
-- dim.caps.cap -> result.max aggregation
-- dim.caps.ccy ~> result filter

-- # a function of MySQL
-- dialect: mysql
delimiter //
create function f_rate(c varchar(3)) returns decimal(10, 4) reads sql data
begin
  declare v decimal(10, 4);
  select rate into v from fx where ccy = c;
  return v;
end//
delimiter ;
update loan set amt_cny = amt * f_rate(ccy);

-- loan.amt -> loan.amt_cny transformation
-- loan.ccy -> loan.amt_cny transformation
-- fx.rate -> loan.amt_cny transformation
-- fx.ccy ~> loan.amt_cny filter

-- # a record of a declared type
-- dialect: oracle
declare
  type t_rec is record (cust_id number, amt number(18, 2), 名称 varchar2(100));
  type t_tab is table of t_rec index by pls_integer;
  r t_rec;
  v t_tab;
begin
  select cust_no, sum(bal), max(nm) into r from dwd.txn;
  insert into ads.a (id, amt, 名称) values (r.cust_id, r.amt, r.名称);
  v(1) := r;
  forall k in 1 .. v.count insert into ads.c (x, y) values (v(k).cust_id, v(k).amt);
  update ads.e set row = r where ads.e.k = 1;
end;

-- DWD.TXN.CUST_NO -> ADS.A.ID
-- DWD.TXN.BAL -> ADS.A.AMT aggregation
-- DWD.TXN.NM -> ADS.A.名称 aggregation
-- DWD.TXN.CUST_NO -> ADS.C.X
-- DWD.TXN.BAL -> ADS.C.Y aggregation
-- DWD.TXN.CUST_NO -> ADS.E.CUST_ID
-- DWD.TXN.BAL -> ADS.E.AMT aggregation
-- DWD.TXN.NM -> ADS.E.名称 aggregation
-- ADS.E.K ~> ADS.E filter
-- never: DWD.TXN.BAL -> ADS.E.ROW aggregation

-- # a record by the columns of its table
-- dialect: oracle
-- schema: EMP(ID, NAME, DEPT)
declare
  r emp%rowtype;
begin
  select no, nm, d into r from src where k = 1;
  insert into emp values r;
end;

-- SRC.NO -> EMP.ID
-- SRC.NM -> EMP.NAME
-- SRC.D -> EMP.DEPT
-- SRC.K ~> EMP.ID filter
-- SRC.K ~> EMP.NAME filter
-- SRC.K ~> EMP.DEPT filter

-- # a function that gives a record
-- dialect: oracle
declare
  type t_rec is record (id number, amt number);
  r t_rec;
  function best(p number) return t_rec is
    x t_rec;
  begin
    select cust_id, max(amt) into x from dwd.txn;
    return x;
  end;
begin
  for c in (select cust_id from dwd.cust) loop
    r := best(c.cust_id);
    insert into ads.top (id, amt) values (r.id, r.amt);
  end loop;
end;

-- DWD.TXN.CUST_ID -> ADS.TOP.ID
-- DWD.TXN.AMT -> ADS.TOP.AMT aggregation
-- DWD.CUST.CUST_ID -> ADS.TOP.ID transformation
-- DWD.CUST.CUST_ID -> ADS.TOP.AMT transformation

-- # a table function of T-SQL, after APPLY too
-- dialect: tsql
create function dbo.tv_借据(@org int) returns table as return
  select a.loan_id, b.rate from ods.loan a join ods.rate b on a.ccy = b.ccy where a.org = @org
go
insert into dwd.loan (loan_id, rate) select t.loan_id, t.rate from dim.org o cross apply dbo.tv_借据(o.org) t

-- ods.loan.loan_id -> dwd.loan.loan_id
-- ods.rate.rate -> dwd.loan.rate
-- ods.loan.ccy ~> dwd.loan.loan_id join
-- ods.loan.ccy ~> dwd.loan.rate join
-- ods.rate.ccy ~> dwd.loan.loan_id join
-- ods.rate.ccy ~> dwd.loan.rate join
-- ods.loan.org ~> dwd.loan.loan_id filter
-- ods.loan.org ~> dwd.loan.rate filter
-- dim.org.org ~> dwd.loan filter
-- ods.loan.loan_id -> result.loan_id
-- ods.rate.rate -> result.rate
-- ods.loan.ccy ~> result join
-- ods.rate.ccy ~> result join
-- ods.loan.org ~> result filter

-- # table functions of PostgreSQL name their columns themselves
create function util.loans(k int) returns table (编号 int, 余额 numeric) language sql as $$
  select loan_id, bal from ods.loan where org = k $$;
create function util.all_rates() returns setof dim.fx language plpgsql as $$
begin return query select * from dim.fx; end $$;
insert into b (n, r) select l.编号, f.rate from util.loans(7) l, util.all_rates() f;

-- ods.loan.loan_id -> b.n
-- ods.loan.org ~> b.n filter
-- dim.fx.rate -> b.r
-- ods.loan.loan_id -> result.loan_id
-- ods.loan.bal -> result.bal
-- ods.loan.org ~> result filter
-- dim.fx.* -> result.*
-- reason: unknown-columns
