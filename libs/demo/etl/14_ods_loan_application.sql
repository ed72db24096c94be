-- 贷款申请 applications
TRUNCATE TABLE ods.loan_application;
INSERT INTO ods.loan_application (application_id, customer_id, product_code, amount_applied, status, applied_at, load_date)
SELECT application_id, customer_id, product_code, amount_applied, status, applied_at, DATE '2026-06-30'
  FROM core_src.loan_application;
