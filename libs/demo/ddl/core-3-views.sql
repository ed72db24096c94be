CREATE VIEW core.v_customer_masked AS
SELECT customer_id,
       customer_no,
       left(customer_name, 1) || '**'                        AS customer_name,
       left(resident_id, 6) || '********' || right(resident_id, 4) AS resident_id,
       left(mobile, 3) || '****' || right(mobile, 4)         AS mobile,
       gender_code,
       branch_id
  FROM core.customer;

CREATE VIEW core.v_active_loan AS
SELECT contract.contract_id,
       contract.contract_no,
       customer.customer_name,
       product.product_name,
       product.product_type,
       branch.branch_name,
       contract.principal,
       contract.annual_rate,
       contract.risk_class
  FROM core.loan_contract AS contract
  JOIN core.customer AS customer USING (customer_id)
  JOIN core.product AS product USING (product_code)
  JOIN core.branch AS branch ON branch.branch_id = contract.branch_id
 WHERE contract.status IN ('NORMAL', 'OVERDUE');

CREATE VIEW core."视图_客户标签" AS
SELECT label."客户号", customer.customer_name AS "客户姓名", string_agg(label."标签", '、' ORDER BY label."标签") AS "全部标签"
  FROM core."客户标签" AS label
  JOIN core.customer AS customer ON customer.customer_id = label."客户号"
 GROUP BY label."客户号", customer.customer_name;

CREATE VIEW pay.v_daily_payment AS
SELECT created_at::date AS pay_date, channel_code, count(*) AS orders, sum(amount) AS amount
  FROM pay.payment_order
 WHERE status = 'SUCCESS'
 GROUP BY created_at::date, channel_code;

CREATE MATERIALIZED VIEW core.mv_branch_balance AS
SELECT branch.branch_id, branch.branch_name, count(*) AS loans, sum(contract.principal) AS principal
  FROM core.branch AS branch
  JOIN core.loan_contract AS contract ON contract.branch_id = branch.branch_id
 WHERE contract.status <> 'SETTLED'
 GROUP BY branch.branch_id, branch.branch_name;
CREATE UNIQUE INDEX mv_branch_balance_key ON core.mv_branch_balance (branch_id);

COMMENT ON VIEW core.v_customer_masked IS '客户信息（脱敏） Customers, masked';
COMMENT ON VIEW core.v_active_loan IS '未结清贷款 Loans not yet settled';
COMMENT ON VIEW core."视图_客户标签" IS '客户标签汇总 Labels of each customer in one line';
COMMENT ON VIEW pay.v_daily_payment IS '日支付汇总 Payments by day and channel';
COMMENT ON MATERIALIZED VIEW core.mv_branch_balance IS '机构贷款余额快照 Loans by branch, refreshed nightly';
