-- 机构月度汇总: lending and repayment in one row
TRUNCATE TABLE dws.branch_month;
INSERT INTO dws.branch_month (branch_id, stat_month, loans_made, amount_lent, amount_repaid)
SELECT branch_id, stat_month, sum(loans_made), sum(amount_lent), sum(amount_repaid)
  FROM (SELECT branch_id, to_char(start_date, 'YYYY-MM') AS stat_month, 1 AS loans_made, principal AS amount_lent, 0 AS amount_repaid
          FROM dwd.loan
        UNION ALL
        SELECT l.branch_id, to_char(r.paid_date, 'YYYY-MM'), 0, 0, r.paid_total
          FROM dwd.repayment AS r
          JOIN dwd.loan AS l ON l.contract_id = r.contract_id
         WHERE r.paid_date IS NOT NULL) AS moves
 GROUP BY branch_id, stat_month;
