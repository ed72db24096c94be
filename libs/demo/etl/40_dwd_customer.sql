-- 客户明细: customers joined with the newest report and score of the bureau
DROP TABLE IF EXISTS dwd.tmp_newest_report;
CREATE TABLE dwd.tmp_newest_report AS
SELECT resident_id, mobile, total_debt
  FROM (SELECT resident_id, mobile, total_debt,
               row_number() OVER (PARTITION BY resident_id ORDER BY query_date DESC, report_no DESC) AS newest
          FROM ods.bureau_report) AS report
 WHERE newest = 1;

TRUNCATE TABLE dwd.customer;
INSERT INTO dwd.customer (customer_id, resident_id, customer_name, gender_code, gender_name, birth_date, age, mobile, bureau_mobile,
                          address, income_band, risk_grade, credit_score, bureau_debt, branch_id)
SELECT c.customer_id,
       c.resident_id,
       c.customer_name,
       c.gender_code,
       CASE c.gender_code WHEN '1' THEN '男' WHEN '2' THEN '女' ELSE '未知' END,
       c.birth_date,
       CAST(extract(year FROM age(DATE '2026-06-30', c.birth_date)) AS integer),
       coalesce(c.mobile, r.mobile),
       r.mobile,
       c.address,
       CASE WHEN c.monthly_income < 5000 THEN '低' WHEN c.monthly_income < 15000 THEN '中' ELSE '高' END,
       c.risk_grade,
       s.score,
       coalesce(r.total_debt, 0),
       c.branch_id
  FROM ods.customer AS c
  LEFT JOIN dwd.tmp_newest_report AS r ON r.resident_id = c.resident_id
  LEFT JOIN (SELECT resident_id, max(score) AS score FROM ods.bureau_score GROUP BY resident_id) AS s
         ON s.resident_id = c.resident_id;
