-- 监管报表 G11
DELETE FROM ads."监管报表_G11" WHERE "报表日期" = DATE '2026-06-30';
INSERT INTO ads."监管报表_G11" ("报表日期", "指标", "金额", "笔数")
SELECT stat_date, '五级分类-' || risk_class_name, sum(outstanding), sum(loans)
  FROM ads.npl_report
 GROUP BY stat_date, '五级分类-' || risk_class_name
UNION ALL
SELECT stat_date, '不良贷款合计', sum(outstanding), sum(loans)
  FROM ads.npl_report
 WHERE is_npl
 GROUP BY stat_date
UNION ALL
SELECT stat_date, '逾期贷款合计', sum(overdue_amount), (SELECT count(*) FROM dws.loan_overdue WHERE overdue_days > 0)
  FROM ads.overdue_report
 GROUP BY stat_date;
