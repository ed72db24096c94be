-- 账龄报表: of the loans of a month, how many were late in each month on book
TRUNCATE TABLE ads.vintage_report;
INSERT INTO ads.vintage_report (vintage, months_on_book, loans, late_loans, late_rate)
SELECT v.vintage,
       v.months_on_book,
       count(DISTINCT v.contract_id),
       count(DISTINCT v.contract_id) FILTER (WHERE v.was_late),
       round(count(DISTINCT v.contract_id) FILTER (WHERE v.was_late)::numeric / count(DISTINCT v.contract_id), 6)
  FROM (SELECT to_char(l.start_date, 'YYYY-MM') AS vintage,
               i.period_no AS months_on_book,
               l.contract_id,
               i.days_past_due > 0 OR i.last_paid_date > i.due_date AS was_late
          FROM dwd.loan AS l
          JOIN dwd.instalment AS i ON i.contract_id = l.contract_id
         WHERE i.due_date < DATE '2026-06-30') AS v
 GROUP BY v.vintage, v.months_on_book;
