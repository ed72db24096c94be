-- 机构放款排名, with growth over the month before
TRUNCATE TABLE ads.branch_ranking;
INSERT INTO ads.branch_ranking (stat_month, branch_id, branch_name, amount_lent, lent_rank, growth)
SELECT m.stat_month,
       m.branch_id,
       b.branch_name,
       m.amount_lent,
       rank() OVER (PARTITION BY m.stat_month ORDER BY m.amount_lent DESC, m.branch_id),
       round((m.amount_lent - m.before) / nullif(m.before, 0), 6)
  FROM (SELECT stat_month, branch_id, amount_lent,
               lag(amount_lent) OVER (PARTITION BY branch_id ORDER BY stat_month) AS before
          FROM dws.branch_month) AS m
  JOIN dwd.branch AS b ON b.branch_id = m.branch_id;
