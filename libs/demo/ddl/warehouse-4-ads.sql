-- 应用层 / what the reports read.
CREATE SCHEMA ads;
COMMENT ON SCHEMA ads IS '应用层 Application layer';

CREATE TABLE ads.overdue_report (
  stat_date date NOT NULL, branch_id integer NOT NULL, branch_name varchar(100), product_code varchar(10) NOT NULL, product_name varchar(100),
  loans integer NOT NULL, outstanding numeric(18,2) NOT NULL, overdue_amount numeric(18,2) NOT NULL, overdue_30_plus numeric(18,2) NOT NULL,
  overdue_rate numeric(9,6), PRIMARY KEY (stat_date, branch_id, product_code)
);
CREATE TABLE ads.npl_report (
  stat_date date NOT NULL, risk_class char(1) NOT NULL, risk_class_name varchar(20), loans integer NOT NULL, outstanding numeric(18,2) NOT NULL,
  share numeric(9,6), is_npl boolean NOT NULL, PRIMARY KEY (stat_date, risk_class)
);
CREATE TABLE ads.vintage_report (
  vintage char(7) NOT NULL, months_on_book integer NOT NULL, loans integer NOT NULL, late_loans integer NOT NULL,
  late_rate numeric(9,6), PRIMARY KEY (vintage, months_on_book)
);
CREATE TABLE ads.branch_ranking (
  stat_month char(7) NOT NULL, branch_id integer NOT NULL, branch_name varchar(100), amount_lent numeric(18,2) NOT NULL,
  lent_rank integer NOT NULL, growth numeric(18,6), PRIMARY KEY (stat_month, branch_id)
);
CREATE TABLE ads."监管报表_G11" (
  "报表日期" date NOT NULL, "指标" varchar(40) NOT NULL, "金额" numeric(20,2), "笔数" bigint, PRIMARY KEY ("报表日期", "指标")
);
COMMENT ON TABLE ads.overdue_report IS '逾期报表 Overdue report';
COMMENT ON TABLE ads.npl_report IS '不良贷款报表 Non-performing loans by risk class';
COMMENT ON TABLE ads.vintage_report IS '账龄报表 Vintage analysis';
COMMENT ON TABLE ads.branch_ranking IS '机构放款排名 Branches ranked by lending';
COMMENT ON TABLE ads."监管报表_G11" IS '资产质量五级分类情况表 (1104 G11) Regulatory return G11';
COMMENT ON COLUMN ads.overdue_report.overdue_rate IS '逾期率 Overdue amount by outstanding';
COMMENT ON COLUMN ads.overdue_report.overdue_30_plus IS '逾期30天以上余额 Outstanding of loans more than 30 days past due';
COMMENT ON COLUMN ads.npl_report.share IS '占比 Share of the outstanding amount';

CREATE VIEW ads.v_overdue_summary AS
SELECT stat_date, branch_name, sum(outstanding) AS outstanding, sum(overdue_amount) AS overdue_amount,
       round(sum(overdue_amount) / nullif(sum(outstanding), 0), 6) AS overdue_rate
  FROM ads.overdue_report
 GROUP BY stat_date, branch_name;

CREATE VIEW ads.v_npl_ratio AS
SELECT stat_date, sum(outstanding) FILTER (WHERE is_npl) AS npl_amount, sum(outstanding) AS total_amount,
       round(sum(outstanding) FILTER (WHERE is_npl) / nullif(sum(outstanding), 0), 6) AS npl_ratio
  FROM ads.npl_report
 GROUP BY stat_date;

CREATE VIEW ads.v_high_risk_customer AS
SELECT risk.customer_id, risk.customer_name, customer.mobile, branch.branch_name, risk.outstanding, risk.risk_level
  FROM dws.customer_risk AS risk
  JOIN dwd.customer AS customer ON customer.customer_id = risk.customer_id
  LEFT JOIN dwd.branch AS branch ON branch.branch_id = customer.branch_id
 WHERE risk.risk_level = 'HIGH';

COMMENT ON VIEW ads.v_overdue_summary IS '逾期汇总视图 Overdue by branch';
COMMENT ON VIEW ads.v_npl_ratio IS '不良率视图 NPL ratio';
COMMENT ON VIEW ads.v_high_risk_customer IS '高风险客户名单 Customers of high risk';
