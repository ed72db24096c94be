-- 不良贷款报表
DELETE FROM ads.npl_report WHERE stat_date = DATE '2026-06-30';
INSERT INTO ads.npl_report (stat_date, risk_class, risk_class_name, loans, outstanding, share, is_npl)
WITH by_class AS (
  SELECT risk_class, count(*) AS loans, sum(outstanding) AS outstanding
    FROM dws.loan_overdue
   WHERE risk_class IS NOT NULL
   GROUP BY risk_class
)
SELECT DATE '2026-06-30',
       risk_class,
       CASE risk_class WHEN '1' THEN '正常' WHEN '2' THEN '关注' WHEN '3' THEN '次级' WHEN '4' THEN '可疑' WHEN '5' THEN '损失'
                       ELSE '未知' END,
       loans,
       outstanding,
       round(outstanding / nullif(sum(outstanding) OVER (), 0), 6),
       risk_class IN ('3', '4', '5')
  FROM by_class;
