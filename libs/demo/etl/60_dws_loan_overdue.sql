-- 贷款逾期汇总
TRUNCATE TABLE dws.loan_overdue;
INSERT INTO dws.loan_overdue (contract_id, customer_id, branch_id, product_code, risk_class, principal, outstanding, overdue_amount,
                              overdue_days, overdue_bucket)
WITH late AS (
  SELECT contract_id,
         sum(CASE WHEN days_past_due > 0 THEN due_principal ELSE 0 END) AS overdue_amount,
         max(days_past_due) AS overdue_days
    FROM dwd.instalment
   GROUP BY contract_id
), repaid AS (
  SELECT contract_id, sum(paid_principal) AS paid_principal
    FROM dwd.repayment
   GROUP BY contract_id
), state AS (
  SELECT l.contract_id, l.customer_id, l.branch_id, l.product_code, l.risk_class, l.principal,
         greatest(l.principal - coalesce(repaid.paid_principal, 0), 0) AS outstanding,
         coalesce(late.overdue_amount, 0) AS overdue_amount,
         coalesce(late.overdue_days, 0) AS overdue_days
    FROM dwd.loan AS l
    LEFT JOIN repaid ON repaid.contract_id = l.contract_id
    LEFT JOIN late ON late.contract_id = l.contract_id
)
SELECT contract_id, customer_id, branch_id, product_code, risk_class, principal, outstanding,
       least(overdue_amount, outstanding), overdue_days,
       CASE WHEN overdue_days = 0 THEN 'M0' WHEN overdue_days <= 30 THEN 'M1' WHEN overdue_days <= 60 THEN 'M2'
            WHEN overdue_days <= 90 THEN 'M3' ELSE 'M4+' END
  FROM state;
