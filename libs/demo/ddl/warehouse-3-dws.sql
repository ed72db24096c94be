-- 汇总层 / summaries.
CREATE SCHEMA dws;
COMMENT ON SCHEMA dws IS '汇总层 Summary layer';

CREATE TABLE dws.loan_overdue (
  contract_id bigint PRIMARY KEY, customer_id bigint NOT NULL, branch_id integer, product_code varchar(10), risk_class char(1),
  principal numeric(18,2), outstanding numeric(18,2) NOT NULL, overdue_amount numeric(18,2) NOT NULL, overdue_days integer NOT NULL,
  overdue_bucket varchar(10) NOT NULL
);
-- Not keyed: it was once loaded twice a day.
CREATE TABLE dws.customer_risk (
  customer_id bigint NOT NULL, customer_name varchar(60), loans integer NOT NULL, outstanding numeric(18,2) NOT NULL,
  worst_overdue_days integer, credit_score integer, external_overdue numeric(18,2), risk_level varchar(6) NOT NULL, risk_rank integer
);
CREATE TABLE dws.branch_month (
  branch_id integer NOT NULL, stat_month char(7) NOT NULL, loans_made integer NOT NULL, amount_lent numeric(18,2) NOT NULL,
  amount_repaid numeric(18,2) NOT NULL, PRIMARY KEY (branch_id, stat_month)
);
COMMENT ON TABLE dws.loan_overdue IS '贷款逾期汇总 Overdue state of each loan';
COMMENT ON TABLE dws.customer_risk IS '客户风险汇总 Risk of each customer';
COMMENT ON TABLE dws.branch_month IS '机构月度汇总 Lending and repayment by branch and month';
COMMENT ON COLUMN dws.loan_overdue.outstanding IS '贷款余额 Outstanding principal';
COMMENT ON COLUMN dws.loan_overdue.overdue_days IS '最大逾期天数 Longest days past due';
COMMENT ON COLUMN dws.loan_overdue.overdue_bucket IS '逾期分段 Bucket: M0, M1, M2, M3, M4+';
COMMENT ON COLUMN dws.customer_risk.risk_level IS '风险等级 Risk level: LOW, MID, HIGH';
