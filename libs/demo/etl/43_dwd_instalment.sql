-- 期次明细: what was due against what was paid
CREATE TEMPORARY TABLE paid_by_period AS
SELECT contract_id, period_no, sum(paid_principal + paid_interest) AS paid_total, max(paid_at)::date AS last_paid_date
  FROM ods.repayment
 GROUP BY contract_id, period_no;

TRUNCATE TABLE dwd.instalment;
INSERT INTO dwd.instalment (contract_id, period_no, due_date, due_total, due_principal, paid_total, last_paid_date, days_past_due)
SELECT plan.contract_id,
       plan.period_no,
       plan.due_date,
       plan.due_principal + plan.due_interest,
       plan.due_principal,
       coalesce(paid.paid_total, 0),
       paid.last_paid_date,
       CASE
         WHEN plan.due_date >= DATE '2026-06-30' THEN 0
         WHEN coalesce(paid.paid_total, 0) >= plan.due_principal + plan.due_interest THEN 0
         ELSE DATE '2026-06-30' - plan.due_date
       END
  FROM ods.repayment_plan AS plan
  LEFT JOIN paid_by_period AS paid ON paid.contract_id = plan.contract_id AND paid.period_no = plan.period_no;

DROP TABLE paid_by_period;
