-- 还款计划 plans
TRUNCATE TABLE ods.repayment_plan;
INSERT INTO ods.repayment_plan (contract_id, period_no, due_date, due_principal, due_interest, load_date)
SELECT contract_id, period_no, due_date, due_principal, due_interest, DATE '2026-06-30'
  FROM core_src.repayment_plan;
