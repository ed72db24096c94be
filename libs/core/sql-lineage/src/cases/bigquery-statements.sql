-- BigQuery's procedural language.

-- # a procedure without AS
create or replace procedure dw.load_loans(cutoff date)
begin
  declare total numeric;
  insert into dw.loan (loan_no, balance) select loan_no, balance from ods.loan where as_of = cutoff;
  set total = (select sum(balance) from dw.loan);
  insert into dw.load_log (job, total) values ('loans', total);
end;

-- ods.loan.loan_no -> dw.loan.loan_no
-- ods.loan.balance -> dw.loan.balance
-- ods.loan.as_of ~> dw.loan filter
-- dw.loan.balance -> dw.load_log.total aggregation
-- never: ods.loan.cutoff ~> dw.loan filter
