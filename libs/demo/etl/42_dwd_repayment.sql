-- 还款明细, with the running total of each contract
TRUNCATE TABLE dwd.repayment;
INSERT INTO dwd.repayment (repayment_id, contract_id, customer_id, period_no, paid_date, paid_total, paid_principal, paid_interest,
                           channel_code, cumulative_paid)
SELECT r.repayment_id,
       r.contract_id,
       l.customer_id,
       r.period_no,
       r.paid_at::date,
       r.paid_principal + r.paid_interest + r.paid_penalty,
       r.paid_principal,
       r.paid_interest,
       r.channel_code,
       sum(r.paid_principal + r.paid_interest + r.paid_penalty) OVER (PARTITION BY r.contract_id ORDER BY r.period_no, r.repayment_id)
  FROM ods.repayment AS r
  LEFT JOIN dwd.loan AS l ON l.contract_id = r.contract_id;
