-- 贴源层 / operational data store: what the sources sent, with the day it came.
CREATE SCHEMA ods;
COMMENT ON SCHEMA ods IS '贴源层 Operational data store';

CREATE TABLE ods.branch (branch_id integer, branch_code varchar(12), branch_name varchar(100), region_code char(6), parent_id integer, load_date date NOT NULL);
CREATE TABLE ods.product (product_code varchar(10), product_name varchar(100), product_type varchar(4), rate_min numeric(9,6), rate_max numeric(9,6), load_date date NOT NULL);
CREATE TABLE ods.customer (
  customer_id bigint, customer_no varchar(20), resident_id varchar(18), customer_name varchar(60), gender_code char(1),
  birth_date date, mobile varchar(20), region_code char(6), address varchar(200), monthly_income numeric(18,2),
  risk_grade char(1), branch_id integer, created_at timestamp, load_date date NOT NULL
);
CREATE TABLE ods.account (account_id bigint, customer_id bigint, card_no varchar(19), account_type varchar(10), currency char(3), balance numeric(18,2), load_date date NOT NULL);
CREATE TABLE ods.loan_application (application_id bigint, customer_id bigint, product_code varchar(10), amount_applied numeric(18,2), status varchar(12), applied_at timestamp, load_date date NOT NULL);
CREATE TABLE ods.loan_contract (
  contract_id bigint, contract_no varchar(30), application_id bigint, customer_id bigint, product_code varchar(10),
  branch_id integer, account_id bigint, principal numeric(18,2), annual_rate numeric(9,6), term_months smallint,
  currency char(3), start_date date, end_date date, status varchar(12), risk_class char(1), load_date date NOT NULL
);
CREATE TABLE ods.repayment_plan (contract_id bigint, period_no smallint, due_date date, due_principal numeric(18,2), due_interest numeric(18,2), load_date date NOT NULL);
CREATE TABLE ods.repayment (
  repayment_id bigint, contract_id bigint, period_no smallint, paid_at timestamp, paid_principal numeric(18,2),
  paid_interest numeric(18,2), paid_penalty numeric(18,2), channel_code varchar(10), load_date date NOT NULL
);
CREATE TABLE ods.payment_order (
  order_id bigint, repayment_id bigint, customer_id bigint, amount double precision, channel_code varchar(10),
  channel_name varchar(60), status varchar(10), created_at timestamp, load_date date NOT NULL
);
CREATE TABLE ods.collateral (collateral_id bigint, contract_id bigint, collateral_type varchar(10), appraised_value numeric(18,2), load_date date NOT NULL);
CREATE TABLE ods.guarantor (guarantor_id bigint, contract_id bigint, guarantor_name varchar(60), resident_id varchar(32), mobile varchar(20), load_date date NOT NULL);
CREATE TABLE ods.bureau_report (
  report_no varchar(30), resident_id varchar(18), person_name varchar(60), gender varchar(1), birth_date date,
  mobile varchar(20), open_loans integer, total_debt numeric(18,2), query_date date, load_date date NOT NULL
);
CREATE TABLE ods.bureau_score (resident_id varchar(18), score integer, model_version varchar(10), scored_on date, load_date date NOT NULL);
CREATE TABLE ods.bureau_overdue (
  record_no varchar(30), resident_id varchar(18), lender varchar(60), overdue_amount numeric(18,2), overdue_days integer,
  overdue_status varchar(20), recorded_on date, load_date date NOT NULL
);

COMMENT ON TABLE ods.branch IS '机构（贴源） Branches as sent by core';
COMMENT ON TABLE ods.product IS '产品（贴源） Products as sent by core';
COMMENT ON TABLE ods.customer IS '客户（贴源） Customers as sent by core';
COMMENT ON TABLE ods.account IS '账户（贴源） Accounts as sent by core';
COMMENT ON TABLE ods.loan_application IS '贷款申请（贴源） Applications as sent by core';
COMMENT ON TABLE ods.loan_contract IS '贷款合同（贴源） Contracts as sent by core';
COMMENT ON TABLE ods.repayment_plan IS '还款计划（贴源） Plans as sent by core';
COMMENT ON TABLE ods.repayment IS '还款流水（贴源） Repayments as sent by core';
COMMENT ON TABLE ods.payment_order IS '支付订单（贴源） Payment orders as sent by the payment system';
COMMENT ON TABLE ods.collateral IS '押品（贴源） Collateral as sent by core';
COMMENT ON TABLE ods.guarantor IS '担保人（贴源） Guarantors as sent by core';
COMMENT ON TABLE ods.bureau_report IS '征信报告（贴源） Credit reports from the bureau files';
COMMENT ON TABLE ods.bureau_score IS '征信评分（贴源） Credit scores from the bureau files';
COMMENT ON TABLE ods.bureau_overdue IS '征信逾期记录（贴源） Overdue records from the bureau files';
COMMENT ON COLUMN ods.customer.resident_id IS '居民身份证号 Resident id';
COMMENT ON COLUMN ods.bureau_score.score IS '征信评分 Credit score, 350 to 950';
