-- 征信逾期记录 overdue records, from the bureau's files (Chinese headers)
TRUNCATE TABLE ods.bureau_overdue;
INSERT INTO ods.bureau_overdue (record_no, resident_id, lender, overdue_amount, overdue_days, overdue_status, recorded_on, load_date)
SELECT "记录编号", "证件号码", "授信机构", CAST("逾期金额" AS decimal(18,2)), CAST("逾期天数" AS integer), "逾期状态",
       CAST("记录日期" AS date), DATE '2026-06-30'
  FROM bureau.overdue_record;
