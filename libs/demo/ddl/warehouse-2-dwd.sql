-- 明细层 / details: one row per thing, cleaned and joined.
CREATE SCHEMA dwd;
COMMENT ON SCHEMA dwd IS '明细层 Detail layer';

CREATE TABLE dwd.branch (branch_id integer PRIMARY KEY, branch_name varchar(100) NOT NULL, region_code char(6), head_branch_id integer, branch_level smallint NOT NULL);
CREATE TABLE dwd.product (product_code varchar(10) PRIMARY KEY, product_name varchar(100) NOT NULL, product_type varchar(4) NOT NULL, mid_rate numeric(9,6));
CREATE TABLE dwd.customer (
  customer_id bigint PRIMARY KEY, resident_id varchar(18), customer_name varchar(60), gender_code char(1), gender_name varchar(20),
  birth_date date, age integer, mobile varchar(20), bureau_mobile varchar(20), address varchar(200), income_band varchar(10),
  risk_grade char(1), credit_score integer, bureau_debt numeric(18,2), branch_id integer
);
CREATE TABLE dwd.loan (
  contract_id bigint PRIMARY KEY, contract_no varchar(30), customer_id bigint NOT NULL, product_code varchar(10),
  product_type varchar(4), branch_id integer, principal numeric(20,4), annual_rate numeric(9,6), rate_spread numeric(9,6),
  term_months smallint, currency char(3), start_date date, end_date date, loan_status char(2), risk_class char(1),
  collateral_value numeric(18,2), has_guarantor boolean, approval_days integer
);
CREATE TABLE dwd.repayment (
  repayment_id bigint PRIMARY KEY, contract_id bigint NOT NULL, customer_id bigint, period_no smallint, paid_date date,
  paid_total numeric(18,2), paid_principal numeric(18,2), paid_interest numeric(18,2), channel_code varchar(10),
  cumulative_paid numeric(20,2)
);
CREATE TABLE dwd.instalment (
  contract_id bigint NOT NULL, period_no smallint NOT NULL, due_date date NOT NULL, due_total numeric(18,2) NOT NULL,
  due_principal numeric(18,2) NOT NULL, paid_total numeric(18,2), last_paid_date date, days_past_due integer NOT NULL,
  PRIMARY KEY (contract_id, period_no)
);
CREATE TABLE dwd.payment (
  order_id bigint PRIMARY KEY, repayment_id bigint, contract_id bigint, customer_id bigint, amount numeric(18,2),
  channel_name varchar(60), succeeded boolean, pay_month char(7)
);
CREATE TABLE dwd.party (party_id varchar(30) PRIMARY KEY, party_role varchar(10) NOT NULL, party_name varchar(60), resident_id varchar(32), mobile varchar(20));

COMMENT ON TABLE dwd.branch IS '机构维度 Branches';
COMMENT ON TABLE dwd.product IS '产品维度 Products';
COMMENT ON TABLE dwd.customer IS '客户明细 Customers with bureau data';
COMMENT ON TABLE dwd.loan IS '贷款明细 Loans';
COMMENT ON TABLE dwd.repayment IS '还款明细 Repayments';
COMMENT ON TABLE dwd.instalment IS '期次明细 Instalments, due and paid';
COMMENT ON TABLE dwd.payment IS '支付明细 Payments';
COMMENT ON TABLE dwd.party IS '当事人 Parties: borrowers and guarantors';
COMMENT ON COLUMN dwd.customer.age IS '年龄 Age on the business date';
COMMENT ON COLUMN dwd.customer.credit_score IS '征信评分 Bureau score';
COMMENT ON COLUMN dwd.customer.income_band IS '收入分档 Income band';
COMMENT ON COLUMN dwd.loan.principal IS '合同本金 Principal';
COMMENT ON COLUMN dwd.loan.loan_status IS '贷款状态 Loan status: 01 正常 02 逾期 03 结清 04 核销';
COMMENT ON COLUMN dwd.loan.risk_class IS '五级分类 Risk class';
COMMENT ON COLUMN dwd.loan.rate_spread IS '利率偏离 Rate above the product''s middle rate';
COMMENT ON COLUMN dwd.instalment.days_past_due IS '逾期天数 Days past due';
