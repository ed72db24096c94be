-- 担保人 guarantors
TRUNCATE TABLE ods.guarantor;
INSERT INTO ods.guarantor (guarantor_id, contract_id, guarantor_name, resident_id, mobile, load_date)
SELECT guarantor_id, contract_id, guarantor_name, resident_id, mobile, DATE '2026-06-30'
  FROM core_src.guarantor;
