-- 核心系统 / core banking. Keys come after the load, in core-2-keys.sql.
CREATE SCHEMA core;
CREATE SCHEMA pay;
COMMENT ON SCHEMA core IS '核心信贷系统 Core lending system';
COMMENT ON SCHEMA pay IS '支付系统 Payment system';

CREATE TABLE core.branch (
  branch_id     integer      NOT NULL,
  branch_code   varchar(12)  NOT NULL,
  branch_name   varchar(100) NOT NULL,
  name_en       varchar(100),
  region_code   char(6)      NOT NULL,
  parent_id     integer,
  opened_on     date         NOT NULL
);

CREATE TABLE core.product (
  product_code  varchar(10)   NOT NULL,
  product_name  varchar(100)  NOT NULL,
  name_en       varchar(100)  NOT NULL,
  product_type  varchar(4)    NOT NULL,
  rate_min      numeric(9,6)  NOT NULL,
  rate_max      numeric(9,6)  NOT NULL,
  max_amount    numeric(18,2) NOT NULL,
  currency      char(3)       NOT NULL DEFAULT 'CNY',
  is_active     boolean       NOT NULL DEFAULT true,
  CONSTRAINT product_rates CHECK (rate_min > 0 AND rate_min <= rate_max)
);

CREATE TABLE core.customer (
  customer_id    bigint        NOT NULL,
  customer_no    varchar(20)   NOT NULL,
  resident_id    varchar(18),
  customer_name  varchar(60),
  name_en        varchar(80),
  gender_code    char(1),
  birth_date     date,
  marital_code   char(2),
  mobile         varchar(20),
  email          varchar(120),
  region_code    char(6),
  address        varchar(200),
  occupation     varchar(40),
  monthly_income numeric(18,2),
  risk_grade     char(1),
  branch_id      integer       NOT NULL,
  "是否员工"      boolean       NOT NULL DEFAULT false,
  tags           text[]        NOT NULL DEFAULT '{}',
  created_at     timestamp     NOT NULL,
  updated_at     timestamp     NOT NULL,
  CONSTRAINT customer_income CHECK (monthly_income >= 0),
  CONSTRAINT customer_times CHECK (updated_at >= created_at)
);

CREATE TABLE core.company (
  company_id          bigint        NOT NULL,
  credit_code         char(18)      NOT NULL,
  company_name        varchar(200)  NOT NULL,
  legal_rep_id        bigint        NOT NULL,
  industry_code       char(1)       NOT NULL,
  registered_capital  numeric(18,2) NOT NULL,
  founded_on          date          NOT NULL,
  CONSTRAINT company_capital CHECK (registered_capital > 0)
);

CREATE TABLE core.account (
  account_id    bigint        NOT NULL,
  customer_id   bigint        NOT NULL,
  card_no       varchar(19)   NOT NULL,
  account_type  varchar(10)   NOT NULL,
  currency      char(3)       NOT NULL,
  balance       numeric(18,2) NOT NULL,
  status        varchar(10)   NOT NULL,
  opened_on     date          NOT NULL,
  CONSTRAINT account_type_known CHECK (account_type IN ('SAVING', 'REPAY'))
);

CREATE TABLE core.loan_application (
  application_id  bigint        NOT NULL,
  customer_id     bigint        NOT NULL,
  product_code    varchar(10)   NOT NULL,
  branch_id       integer       NOT NULL,
  amount_applied  numeric(18,2) NOT NULL,
  term_months     smallint      NOT NULL,
  status          varchar(12)   NOT NULL,
  reject_reason   varchar(100),
  device          jsonb         NOT NULL,
  applied_at      timestamp     NOT NULL,
  CONSTRAINT application_amount CHECK (amount_applied > 0)
);

CREATE TABLE core.loan_contract (
  contract_id     bigint        NOT NULL,
  contract_no     varchar(30)   NOT NULL,
  application_id  bigint        NOT NULL,
  customer_id     bigint        NOT NULL,
  product_code    varchar(10)   NOT NULL,
  branch_id       integer       NOT NULL,
  account_id      bigint,
  principal       numeric(18,2) NOT NULL,
  annual_rate     numeric(9,6)  NOT NULL,
  term_months     smallint      NOT NULL,
  currency        char(3)       NOT NULL,
  start_date      date          NOT NULL,
  end_date        date,
  status          varchar(12)   NOT NULL,
  risk_class      char(1),
  repay_method    varchar(12)   NOT NULL DEFAULT 'EQUAL_PRIN',
  daily_rate      numeric(12,9) GENERATED ALWAYS AS (annual_rate / 360) STORED
);

CREATE TABLE core.repayment_plan (
  contract_id    bigint        NOT NULL,
  period_no      smallint      NOT NULL,
  due_date       date          NOT NULL,
  due_principal  numeric(18,2) NOT NULL,
  due_interest   numeric(18,2) NOT NULL,
  CONSTRAINT plan_amounts CHECK (due_principal >= 0 AND due_interest >= 0)
);

-- No foreign key to the contract: the ledger is written by another system.
CREATE TABLE core.repayment (
  repayment_id    bigint        NOT NULL,
  contract_id     bigint        NOT NULL,
  period_no       smallint      NOT NULL,
  part_no         smallint      NOT NULL,
  paid_at         timestamp,
  paid_principal  numeric(18,2) NOT NULL,
  paid_interest   numeric(18,2) NOT NULL,
  paid_penalty    numeric(18,2) NOT NULL,
  channel_code    varchar(10)   NOT NULL
);

CREATE TABLE core.collateral (
  collateral_id    bigint        NOT NULL,
  contract_id      bigint        NOT NULL,
  collateral_type  varchar(10)   NOT NULL,
  appraised_value  numeric(18,2) NOT NULL,
  description      varchar(200),
  CONSTRAINT collateral_value CHECK (appraised_value > 0)
);

CREATE TABLE core.guarantor (
  guarantor_id    bigint       NOT NULL,
  contract_id     bigint       NOT NULL,
  guarantor_name  varchar(60)  NOT NULL,
  resident_id     varchar(32)  NOT NULL,
  mobile          varchar(20)  NOT NULL,
  relation        varchar(20)  NOT NULL
);

CREATE TABLE core."客户标签" (
  "客户号"   bigint      NOT NULL,
  "标签"     varchar(40) NOT NULL,
  "打标日期" date        NOT NULL
);

CREATE TABLE core."贷后""备注""📝" (
  memo_id       bigint       NOT NULL,
  contract_id   bigint       NOT NULL,
  "备注 内容"    text         NOT NULL,
  "written at"  timestamp    NOT NULL
);

CREATE TABLE pay.channel (
  channel_code  varchar(10) NOT NULL,
  channel_name  varchar(60) NOT NULL,
  name_en       varchar(60) NOT NULL,
  fee_rate      numeric(9,6) NOT NULL DEFAULT 0
);

-- The amount is a float, as payment gateways will have it: a standard says numeric(18,2).
CREATE TABLE pay.payment_order (
  order_id      bigint           NOT NULL,
  repayment_id  bigint           NOT NULL,
  customer_id   bigint           NOT NULL,
  card_no       varchar(19)      NOT NULL,
  amount        double precision NOT NULL,
  currency      char(3)          NOT NULL,
  channel_code  varchar(10)      NOT NULL,
  status        varchar(10)      NOT NULL,
  created_at    timestamp        NOT NULL
);
