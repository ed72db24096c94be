-- 还款流水 repayments
TRUNCATE TABLE ods.repayment;
INSERT INTO ods.repayment (repayment_id, contract_id, period_no, paid_at, paid_principal, paid_interest, paid_penalty, channel_code, load_date)
SELECT repayment_id, contract_id, period_no, paid_at, paid_principal, paid_interest, paid_penalty, channel_code, DATE '2026-06-30'
  FROM core_src.repayment;
