-- 贷款合同 contracts
TRUNCATE TABLE ods.loan_contract;
INSERT INTO ods.loan_contract (contract_id, contract_no, application_id, customer_id, product_code, branch_id, account_id,
                               principal, annual_rate, term_months, currency, start_date, end_date, status, risk_class, load_date)
SELECT c.contract_id, c.contract_no, c.application_id, c.customer_id, c.product_code, c.branch_id, c.account_id,
       c.principal, c.annual_rate, c.term_months, c.currency, c.start_date, c.end_date, c.status, c.risk_class, DATE '2026-06-30'
  FROM core_src.loan_contract AS c;
