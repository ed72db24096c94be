-- 征信报告 credit reports, from the bureau's files
TRUNCATE TABLE ods.bureau_report;
INSERT INTO ods.bureau_report (report_no, resident_id, person_name, gender, birth_date, mobile, open_loans, total_debt, query_date, load_date)
SELECT report_no, upper(resident_id), name, gender, birth_date, mobile, open_loans, total_debt, query_date, DATE '2026-06-30'
  FROM bureau.credit_report;
