-- 逾期报表
DELETE FROM ads.overdue_report WHERE stat_date = DATE '2026-06-30';
INSERT INTO ads.overdue_report (stat_date, branch_id, branch_name, product_code, product_name, loans, outstanding, overdue_amount,
                                overdue_30_plus, overdue_rate)
SELECT DATE '2026-06-30',
       o.branch_id,
       max(b.branch_name),
       o.product_code,
       max(p.product_name),
       count(*),
       sum(o.outstanding),
       sum(o.overdue_amount),
       sum(CASE WHEN o.overdue_days > 30 THEN o.outstanding ELSE 0 END),
       round(coalesce(sum(o.overdue_amount) / nullif(sum(o.outstanding), 0), 0), 6)
  FROM dws.loan_overdue AS o
  LEFT JOIN dwd.branch AS b ON b.branch_id = o.branch_id
  LEFT JOIN dwd.product AS p ON p.product_code = o.product_code
 GROUP BY o.branch_id, o.product_code;
