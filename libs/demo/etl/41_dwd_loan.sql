-- 贷款明细
TRUNCATE TABLE dwd.loan;
INSERT INTO dwd.loan (contract_id, contract_no, customer_id, product_code, product_type, branch_id, principal, annual_rate, rate_spread,
                      term_months, currency, start_date, end_date, loan_status, risk_class, collateral_value, has_guarantor, approval_days)
WITH secured AS (
  SELECT contract_id, sum(appraised_value) AS appraised_value
    FROM ods.collateral
   GROUP BY contract_id
)
SELECT c.contract_id,
       c.contract_no,
       c.customer_id,
       c.product_code,
       p.product_type,
       c.branch_id,
       c.principal,
       c.annual_rate,
       c.annual_rate - p.mid_rate,
       c.term_months,
       c.currency,
       c.start_date,
       c.end_date,
       CASE c.status WHEN 'NORMAL' THEN '01' WHEN 'OVERDUE' THEN '02' WHEN 'SETTLED' THEN '03' WHEN 'WRITTEN_OFF' THEN '04' END,
       c.risk_class,
       coalesce(secured.appraised_value, 0),
       EXISTS (SELECT 1 FROM ods.guarantor AS g WHERE g.contract_id = c.contract_id),
       c.start_date - a.applied_at::date
  FROM ods.loan_contract AS c
  LEFT JOIN dwd.product AS p ON p.product_code = c.product_code
  LEFT JOIN ods.loan_application AS a ON a.application_id = c.application_id
  LEFT JOIN secured ON secured.contract_id = c.contract_id;
