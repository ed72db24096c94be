-- 客户风险汇总: own loans, the bureau's score and overdue records of other lenders
TRUNCATE TABLE dws.customer_risk;
INSERT INTO dws.customer_risk (customer_id, customer_name, loans, outstanding, worst_overdue_days, credit_score, external_overdue,
                               risk_level, risk_rank)
SELECT c.customer_id,
       c.customer_name,
       coalesce(o.loans, 0),
       coalesce(o.outstanding, 0),
       o.worst_overdue_days,
       c.credit_score,
       coalesce(b.external_overdue, 0),
       CASE
         WHEN o.worst_overdue_days > 90 OR c.credit_score < 450 THEN 'HIGH'
         WHEN o.worst_overdue_days > 0 OR b.external_overdue > 0 THEN 'MID'
         ELSE 'LOW'
       END,
       dense_rank() OVER (ORDER BY coalesce(o.outstanding, 0) DESC)
  FROM dwd.customer AS c
  LEFT JOIN (SELECT customer_id, count(*) AS loans, sum(outstanding) AS outstanding, max(overdue_days) AS worst_overdue_days
               FROM dws.loan_overdue
              GROUP BY customer_id) AS o ON o.customer_id = c.customer_id
  LEFT JOIN (SELECT resident_id, sum(overdue_amount) AS external_overdue
               FROM ods.bureau_overdue
              WHERE overdue_status = '2'
              GROUP BY resident_id) AS b ON b.resident_id = c.resident_id;
