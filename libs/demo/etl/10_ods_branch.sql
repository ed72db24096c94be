-- 机构 branches
TRUNCATE TABLE ods.branch;
INSERT INTO ods.branch (branch_id, branch_code, branch_name, region_code, parent_id, load_date)
SELECT branch_id, branch_code, branch_name, region_code, parent_id, DATE '2026-06-30'
  FROM core_src.branch;
